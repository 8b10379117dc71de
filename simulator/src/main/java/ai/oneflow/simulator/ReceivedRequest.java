package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request that the simulator got and what it made of it, for a test to compare with a ledger.
///
/// @param sequence its place in the order of arrival; the first is 1
/// @param requestId the `x-request-id` that was answered
/// @param keyHash the first 12 hexadecimal digits of the SHA-256 of the bearer token; empty: none
///     came
/// @param headers names in lower case, without `authorization`
public record ReceivedRequest(
    long sequence,
    String requestId,
    String method,
    String path,
    String keyHash,
    Map<String, List<String>> headers,
    Body body,
    Planned planned,
    Produced produced) {

  /// The hash prefix under which requests with `key` are found.
  public static String keyHashOf(String key) {
    return AcceptedKeys.prefix("Bearer " + key);
  }

  ReceivedRequest with(Produced other) {
    return new ReceivedRequest(
        sequence, requestId, method, path, keyHash, headers, body, planned, other);
  }

  ReceivedRequest numbered(long number) {
    return new ReceivedRequest(
        number, requestId, method, path, keyHash, headers, body, planned, produced);
  }

  /// The text of the completion tokens that were handed to the socket.
  public String sentText() {
    int sent = Math.min(produced.sentTokens(), planned.tokens().size());
    return String.join("", planned.tokens().subList(0, sent));
  }

  /// How an answer stands.
  public enum State {
    RUNNING,
    /// All that was to be sent is sent; an error too.
    COMPLETE,
    /// The script reset, closed or truncated it.
    CUT_BY_SCRIPT,
    /// The caller closed the connection first.
    CALLER_LEFT
  }

  /// What was to become of the request when it came.
  ///
  /// @param mark the script's, by which a test finds the request again; may be empty
  /// @param outcome as scripts name it
  /// @param streamed whether the answer is a stream of events
  /// @param tokens the text of each completion token of the honest answer, in the order in which
  ///     they are sent; empty where the script answers something else
  public record Planned(String mark, String outcome, boolean streamed, List<String> tokens) {
    public Planned {
      tokens = List.copyOf(tokens);
    }
  }

  /// What has been made of the request so far; [State#RUNNING] shows what stood at the start.
  ///
  /// @param status the answer's
  /// @param sentTokens completion tokens whose bytes were handed to the socket, which is not less
  ///     than what the caller has read of them
  /// @param sentBytes on the wire, headers and framing included
  /// @param usage of the complete answer, whether or not the answer told it
  /// @param told the last usage whose bytes were handed to the socket
  public record Produced(
      State state, int status, int sentTokens, long sentBytes, Usage usage, Optional<Usage> told) {
    static Produced begin(int status, Usage usage) {
      return new Produced(State.RUNNING, status, 0, 0, usage, Optional.empty());
    }

    Produced sent(Step.Send step) {
      return new Produced(
          state,
          status,
          sentTokens + step.tokens(),
          sentBytes + step.wire().size(),
          usage,
          step.told().or(() -> told));
    }

    Produced ended(State end) {
      return new Produced(end, status, sentTokens, sentBytes, usage, told);
    }
  }
}
