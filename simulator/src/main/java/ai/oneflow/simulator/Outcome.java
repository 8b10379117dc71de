package ai.oneflow.simulator;

import java.util.Map;

/// What becomes of a request: the honest answer, another answer, or an accident on the way.
public sealed interface Outcome {

  /// As scripts name it.
  default String label() {
    return switch (this) {
      case Answer() -> "answer";
      case Fixed _ -> "status";
      case Reset _ -> "reset";
      case Truncate _ -> "truncate";
      case HalfStream _ -> "half-stream";
      case Stall _ -> "stall";
      case ErrorEvent _ -> "error-event";
      case GarbageEvent _ -> "garbage-event";
      case GarbageEvents() -> "garbage-events";
      case BadChunk _ -> "bad-chunk";
      case HugeHeaders _ -> "huge-headers";
    };
  }

  record Answer() implements Outcome {}

  /// This answer in place of the honest one; it is billed as nothing.
  record Fixed(int status, Map<String, String> headers, String contentType, String body)
      implements Outcome {
    public Fixed {
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("status= must be 200..599, not " + status);
      }
      headers = Map.copyOf(headers);
    }
  }

  /// The connection is reset (TCP RST).
  record Reset(Point at) implements Outcome {}

  /// The connection is closed in good order (FIN) though the message is not complete.
  record Truncate(Point at) implements Outcome {}

  /// The message is complete by HTTP's rules, though the answer in it is not: no `[DONE]`, half a
  /// JSON object.
  record HalfStream(Point at) implements Outcome {}

  /// Nothing more comes, and the connection stays open until the caller leaves.
  record Stall(Point at) implements Outcome {}

  /// An error object as an event inside a stream that began with status 200.
  record ErrorEvent(Point at) implements Outcome {}

  /// An event that holds no JSON, with which a stream that began well ends.
  record GarbageEvent(Point at) implements Outcome {}

  /// Status 200, `text/event-stream`, and lines that are no events or hold no JSON.
  record GarbageEvents() implements Outcome {}

  /// A chunk whose size is not hexadecimal.
  record BadChunk(Point at) implements Outcome {}

  /// The honest answer behind a header of this many bytes.
  record HugeHeaders(int headerBytes) implements Outcome {
    public HugeHeaders {
      if (headerBytes < 1) {
        throw new IllegalArgumentException("bytes= must be 1 or more, not " + headerBytes);
      }
    }
  }
}
