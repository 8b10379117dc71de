package ai.oneflow.bench.overload;

import java.util.Locale;

/// One second's requests and what became of them.
///
/// @param p50Millis of the answers with 200
/// @param p99Millis of the same
/// @param behindMillis by how much the callers themselves were late at most
/// @param residentMegabytes of the gateway, at the second's end
record Second(
    Counts counts,
    double p50Millis,
    double p99Millis,
    double behindMillis,
    double residentMegabytes) {
  static final String COLUMNS =
      "sent\tgood\tlate\tshed\tfailed\tunsent\tp50 ms\tp99 ms\tbehind ms\tRSS MB";

  /// @param good answered with 200 in time
  /// @param late answered with 200 too late
  /// @param shed answered with 503
  /// @param shedWithoutDelay of these, without `Retry-After`
  /// @param failed answered otherwise, or not at all
  /// @param unsent never asked, since all connections that may be were busy
  record Counts(
      int sent, int good, int late, int shed, int shedWithoutDelay, int failed, int unsent) {}

  String line() {
    return String.format(
        Locale.ROOT,
        "%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.0f",
        counts.sent(),
        counts.good(),
        counts.late(),
        counts.shed(),
        counts.failed(),
        counts.unsent(),
        p50Millis,
        p99Millis,
        behindMillis,
        residentMegabytes);
  }
}
