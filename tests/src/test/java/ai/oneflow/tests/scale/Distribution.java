package ai.oneflow.tests.scale;

import java.util.Arrays;
import java.util.Locale;

/// Durations of many of the same, as people look at them.
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Distribution(long[] nanos) {
  public Distribution {
    nanos = nanos.clone();
    Arrays.sort(nanos);
  }

  /// The smallest that so many percent are not above (nearest rank).
  public double percentileMillis(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * nanos.length);
    return nanos[Math.max(0, rank - 1)] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, most %.0f ms of %d",
        percentileMillis(50),
        percentileMillis(90),
        percentileMillis(99),
        nanos[nanos.length - 1] / 1e6,
        nanos.length);
  }
}
