package ai.oneflow.simulator;

import java.time.Duration;
import java.util.Random;

/// How long the provider takes.
///
/// @param firstByte from the whole request to the first token, which is when a stream begins
/// @param gap between two tokens; an answer that is no stream begins when the last one is made
/// @param jitterPercent each wait is drawn evenly from this much less to this much more
public record Timing(Duration firstByte, Duration gap, int jitterPercent) {
  public static final Timing NONE = new Timing(Duration.ZERO, Duration.ZERO, 0);

  /// A mid-size chat model on a good day.
  public static final Timing REALISTIC =
      new Timing(Duration.ofMillis(350), Duration.ofMillis(18), 40);

  public Timing {
    if (firstByte.isNegative() || gap.isNegative()) {
      throw new IllegalArgumentException("a wait must not be negative");
    }
    if (jitterPercent < 0 || jitterPercent > 100) {
      throw new IllegalArgumentException("jitter= must be 0..100 percent, not " + jitterPercent);
    }
  }

  /// Reads `realistic`, or the two waits such as `300ms/20ms`.
  ///
  /// @throws IllegalArgumentException that says what could stand there
  public static Timing parse(String words) {
    if (words.equals("realistic")) {
      return REALISTIC;
    }
    String[] waits = words.split("/", -1);
    if (waits.length != 2) {
      throw new IllegalArgumentException(
          "a latency is FIRST/GAP, such as 300ms/20ms, or `realistic`, not " + words);
    }
    return new Timing(
        ScriptReader.duration("first byte", waits[0]), ScriptReader.duration("gap", waits[1]), 0);
  }

  Duration untilHead(Draft draft) {
    return draft.streamed()
        ? firstByte
        : firstByte.plus(gap.multipliedBy(draft.said().tokens().size()));
  }

  Duration jittered(Duration wait, Random random) {
    if (jitterPercent == 0 || wait.isZero()) {
      return wait;
    }
    long spread = wait.toNanos() * jitterPercent / 100;
    return wait.plusNanos(random.nextLong(-spread, spread + 1));
  }
}
