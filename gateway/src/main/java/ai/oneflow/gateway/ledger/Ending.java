package ai.oneflow.gateway.ledger;

/// How a request ended.
///
/// @param httpStatus what the caller was answered; 0 where the caller had gone before
/// @param streamed whether the answer was a stream of events
/// @param durationNanos from the first byte of the request to the last of the answer
public record Ending(Outcome outcome, int httpStatus, boolean streamed, long durationNanos) {
  private static final int MOST = 999;

  public Ending {
    if (httpStatus < 0 || httpStatus > MOST) {
      throw new IllegalArgumentException("httpStatus must lie in 0 to 999, not " + httpStatus);
    }
    if (durationNanos < 0) {
      throw new IllegalArgumentException("durationNanos must not be negative: " + durationNanos);
    }
  }
}
