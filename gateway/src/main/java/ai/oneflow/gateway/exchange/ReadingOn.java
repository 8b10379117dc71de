package ai.oneflow.gateway.exchange;

import java.util.concurrent.TimeUnit;

/// The rest of an answer whose caller has left, read for its provider's figures: for so long and so
/// much of it. What no answer of a usual length reaches is worth less than the connection and the
/// hold that it keeps. Not thread-safe.
final class ReadingOn {
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);
  static final long MOST_BYTES = 8L << 20;

  private final long endNanos;
  private long bytes;

  ReadingOn(long nowNanos) {
    endNanos = nowNanos + MOST_NANOS;
  }

  void read(int more) {
    bytes += more;
  }

  /// Whether it is to end here, though the answer does not.
  boolean isOver(long nowNanos) {
    return bytes > MOST_BYTES || nowNanos - endNanos >= 0;
  }
}
