package ai.oneflow.bench.overload;

import java.util.Arrays;

/// What became of the requests of one second, counted in the second in which they were due. One
/// thread.
final class Tally {
  private static final int USUAL = 4096;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final long boundMicros;
  private int[] answerMicros = new int[USUAL];
  private int sent;
  private int answered;
  private int good;
  private int shed;
  private int shedWithoutDelay;
  private int failed;
  private int unsent;
  private long behindNanos;
  private double residentMegabytes;

  /// @param boundMicros a later answer is worth nothing
  Tally(long boundMicros) {
    this.boundMicros = boundMicros;
  }

  void sent() {
    sent++;
  }

  /// It was sent by so much later than it was due, for want of time of the callers' own.
  void behind(long nanos) {
    behindNanos = Math.max(behindNanos, nanos);
  }

  /// No connection was free, and none could be opened.
  void unsent() {
    unsent++;
  }

  /// It was answered, completely.
  ///
  /// @param retryAfter whether the answer says when to come again
  void answered(int status, boolean retryAfter, long micros) {
    if (status == OK) {
      if (answered == answerMicros.length) {
        answerMicros = Arrays.copyOf(answerMicros, 2 * answered);
      }
      answerMicros[answered++] = (int) Math.min(Integer.MAX_VALUE, micros);
      good += micros <= boundMicros ? 1 : 0;
    } else if (status == UNAVAILABLE) {
      shed++;
      shedWithoutDelay += retryAfter ? 0 : 1;
    } else {
      failed++;
    }
  }

  /// It was not answered, or not to the end.
  void failed() {
    failed++;
  }

  void resident(double megabytes) {
    residentMegabytes = megabytes;
  }

  /// What there is of it now.
  Second second() {
    int[] sorted = Arrays.copyOf(answerMicros, answered);
    Arrays.sort(sorted);
    return new Second(
        new Second.Counts(sent, good, answered - good, shed, shedWithoutDelay, failed, unsent),
        at(sorted, 50),
        at(sorted, 99),
        behindNanos / 1e6,
        residentMegabytes);
  }

  private static double at(int[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e3;
  }
}
