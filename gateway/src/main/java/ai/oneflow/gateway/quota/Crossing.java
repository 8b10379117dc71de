package ai.oneflow.gateway.quota;

/// A threshold of a budget has been reached, told once in a period unless it was raised since.
///
/// @param percent of the limit's amount, one of its `warnAt`, or 100
/// @param periodStart of the budget's period, in milliseconds since 1970; 0 for one without end
/// @param used so far, in the limit's unit
public record Crossing(Limit limit, int percent, long periodStart, long used) {
  private static final int WHOLE = 100;

  /// Whether so much is this percentage of the limit's amount, or more. A limit of nothing has no
  /// percentages.
  public static boolean reached(Limit limit, int percent, long used) {
    return limit.amount() > 0 && used >= threshold(limit, percent);
  }

  /// From here on so many percent of the limit's amount are reached.
  public static long threshold(Limit limit, int percent) {
    long part = limit.amount() / WHOLE * percent;
    return part + Math.ceilDiv(limit.amount() % WHOLE * percent, WHOLE);
  }

  /// Hears of crossings. Must not block.
  public interface Listener {
    void crossed(Crossing crossing);
  }
}
