package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.util.List;
import java.util.Map;

/// A request that the simulator got and what it made of it, for a test to compare with a ledger.
///
/// @param requestId the `x-request-id` that was answered
/// @param keyHash the first 12 hexadecimal digits of the SHA-256 of the bearer token; empty: none
///     came
/// @param headers names in lower case, without `authorization`
public record ReceivedRequest(
    String requestId,
    String method,
    String path,
    String keyHash,
    Map<String, List<String>> headers,
    Body body,
    Produced produced) {

  /// The hash prefix under which requests with `key` are found.
  public static String keyHashOf(String key) {
    return AcceptedKeys.prefix("Bearer " + key);
  }

  ReceivedRequest with(Produced other) {
    return new ReceivedRequest(requestId, method, path, keyHash, headers, body, other);
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

  /// What has been made of the request so far.
  ///
  /// @param status the answer's
  /// @param sentTokens completion tokens whose bytes were handed to the socket
  /// @param sentBytes on the wire, headers and framing included
  /// @param usage of the complete answer, whether or not the answer told it
  public record Produced(State state, int status, int sentTokens, long sentBytes, Usage usage) {
    Produced sent(int tokens, int bytes) {
      return new Produced(state, status, sentTokens + tokens, sentBytes + bytes, usage);
    }

    Produced ended(State end) {
      return new Produced(end, status, sentTokens, sentBytes, usage);
    }
  }
}
