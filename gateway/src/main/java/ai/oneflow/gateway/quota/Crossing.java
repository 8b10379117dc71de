package ai.oneflow.gateway.quota;

/// A threshold of a budget has been reached, told once in a period.
///
/// @param percent of the limit's amount, one of its `warnAt`, or 100
/// @param periodStart of the budget's period, in milliseconds since 1970; 0 for one without end
/// @param used so far, in the limit's unit
public record Crossing(Limit limit, int percent, long periodStart, long used) {
  private static final int WHOLE = 100;

  /// Whether so much is this percentage of the limit's amount, or more. A limit of nothing has no
  /// percentages.
  public static boolean reached(Limit limit, int percent, long used) {
    long part = limit.amount() / WHOLE * percent;
    long rest = Math.ceilDiv(limit.amount() % WHOLE * percent, WHOLE);
    return limit.amount() > 0 && used >= part + rest;
  }

  /// Hears of crossings. Must not block.
  public interface Listener {
    void crossed(Crossing crossing);
  }
}
