package ai.oneflow.snapshot;

import java.time.Duration;

/// At most `amount` in any `window`: one part of `"100/hour;1000/day"`.
///
/// @param amount 0 or more; 0 lets nothing through
/// @param window at least a second, whole seconds
public record RateLimit(long amount, Duration window) {
  public RateLimit {
    Require.atLeast("a limit's amount", 0, amount);
    Require.atLeast("a limit's window, in seconds,", 1, window.toSeconds());
    if (!window.equals(Duration.ofSeconds(window.toSeconds()))) {
      throw new IllegalArgumentException("a limit's window must be whole seconds, not " + window);
    }
  }
}
