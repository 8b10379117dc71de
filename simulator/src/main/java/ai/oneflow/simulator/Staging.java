package ai.oneflow.simulator;

import ai.oneflow.simulator.Draft.Part;
import ai.oneflow.simulator.recording.Body;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Turns a draft and a script into what is done on the socket, step by step. Pure: the same
/// draft, script and seed make the same steps.
final class Staging {
  private static final String GARBAGE =
      """
      data: {"id":"chatcmpl-

      event
      : a comment, which is well formed
      data: not json at all

      \u0000\u0001\u0002 garbage without a colon
      data:

      """;
  private static final String GARBAGE_EVENT = "data: {\"id\":\"chatcmpl-\n\n";
  private static final String ERROR_EVENT =
      """
      data: {"error":{"message":"The server had an error while processing your request.",\
      "type":"server_error","param":null,"code":null}}

      """;

  private final Script script;
  private final Random random;
  private final List<Step> steps = new ArrayList<>();

  private Staging(Script script, long seed) {
    this.script = script;
    this.random = new Random(seed);
  }

  static List<Step> stage(Draft draft, Script script, long seed) {
    Staging staging = new Staging(script, seed);
    staging.wait(script.timing().untilHead(draft));
    staging.act(draft.split(script.shape().splitting()));
    if (script.shape().closes()) {
      staging.steps.add(new Step.HangUp(true));
    }
    return List.copyOf(staging.steps);
  }

  /// The answer that is told in place of the honest one, if the script has one.
  static Draft substitute(Draft honest, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Fixed fixed -> Draft.of(fixed);
      case Outcome.GarbageEvents() ->
          Draft.events(List.of(new Part(Body.ofText(GARBAGE), 0)), Draft.Said.NOTHING);
      case Outcome.HugeHeaders(int bytes) -> honest.with("x-padding", "p".repeat(bytes));
      case Outcome.Answer _,
          Outcome.Reset _,
          Outcome.Truncate _,
          Outcome.HalfStream _,
          Outcome.Stall _,
          Outcome.ErrorEvent _,
          Outcome.GarbageEvent _,
          Outcome.BadChunk _ ->
          honest;
    };
  }

  // Every case is named, so that a new outcome does not compile until it has a place here.
  private void act(Draft draft) {
    switch (script.outcome()) {
      case Outcome.Answer _, Outcome.Fixed _, Outcome.GarbageEvents _, Outcome.HugeHeaders _ ->
          whole(draft);
      case Outcome.Reset(Point at) -> cut(draft, at, new Step.Reset());
      case Outcome.Truncate(Point at) -> cut(draft, at, new Step.HangUp(false));
      case Outcome.Stall(Point at) -> cut(draft, at, new Step.Stall());
      case Outcome.HalfStream(Point at) -> cut(chunked(draft), at, send(Wire.LAST_CHUNK));
      case Outcome.ErrorEvent(Point at) -> endWith(ERROR_EVENT, draft, at);
      case Outcome.GarbageEvent(Point at) -> endWith(GARBAGE_EVENT, draft, at);
      case Outcome.BadChunk(Point at) -> {
        cut(chunked(draft), at, send(Wire.BAD_CHUNK));
        steps.add(new Step.HangUp(false));
      }
    }
  }

  private void endWith(String event, Draft draft, Point at) {
    cut(chunked(draft), at, send(Wire.chunk(Body.ofText(event))));
    wait(script.timing().gap());
    steps.add(send(Wire.LAST_CHUNK));
  }

  private static Draft chunked(Draft draft) {
    return draft.withParts(draft.parts(), true);
  }

  private void whole(Draft draft) {
    head(draft);
    body(draft, draft.parts().size());
    if (draft.streamed()) {
      steps.add(send(Wire.LAST_CHUNK));
    }
  }

  private void cut(Draft draft, Point at, Step end) {
    switch (at) {
      case Point.BeforeHeaders() -> {}
      case Point.AfterHeaders() -> head(draft);
      case Point.MidBody() -> {
        Draft halved = draft.parts().size() == 1 ? draft.halves() : draft;
        head(draft);
        body(halved, (halved.parts().size() + 1) / 2);
      }
      case Point.AfterParts(int parts) -> {
        head(draft);
        body(draft, Math.min(parts, draft.parts().size()));
      }
    }
    steps.add(end);
  }

  private void head(Draft draft) {
    Body head =
        draft.streamed()
            ? Wire.chunkedHead(draft.status(), draft.headers())
            : Wire.head(draft.status(), draft.headers(), draft.bodyBytes());
    steps.add(send(head));
  }

  private void body(Draft draft, int parts) {
    for (Part part : draft.parts().subList(0, parts)) {
      if (draft.streamed() && part.tokens() > 0) {
        wait(script.timing().gap());
      }
      Body wire = draft.streamed() ? Wire.chunk(part.bytes()) : part.bytes();
      steps.add(new Step.Send(wire, part.tokens(), part.told()));
    }
  }

  private void wait(Duration duration) {
    Duration wait = script.timing().jittered(duration, random);
    if (!wait.isZero()) {
      steps.add(new Step.Wait(wait));
    }
  }

  private static Step send(Body wire) {
    return new Step.Send(wire, 0, Optional.empty());
  }
}
