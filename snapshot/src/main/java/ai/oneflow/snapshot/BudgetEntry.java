package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// What may be spent in a calendar window.
///
/// @param picoDollars 0 or more; 0 lets nothing through
/// @param timeZone IANA's name of the zone that days, weeks and months begin in
/// @param degradeTo the public model name to answer with; empty but for `DEGRADE`
/// @param warnAt whole percent of the amount, each 1 to 100; that it is spent wholly is told
///     besides
public record BudgetEntry(
    long picoDollars,
    Window window,
    String timeZone,
    Action action,
    String degradeTo,
    List<Integer> warnAt) {

  public BudgetEntry {
    Require.atLeast("a budget's picoDollars", 0, picoDollars);
    Require.text("a budget's timeZone", timeZone);
    if ((action == Action.DEGRADE) == degradeTo.isEmpty()) {
      throw new IllegalArgumentException("degradeTo goes with the action Degrade and no other");
    }
    warnAt = List.copyOf(warnAt);
    warnAt.forEach(percent -> Require.within("warnAt", 1, 100, percent));
  }

  /// When counting begins anew.
  public enum Window {
    @JsonProperty("Day")
    DAY,
    @JsonProperty("Week")
    WEEK,
    @JsonProperty("Month")
    MONTH,
    @JsonProperty("Total")
    TOTAL
  }

  /// What happens when it is spent.
  public enum Action {
    @JsonProperty("HardStop")
    HARD_STOP,
    @JsonProperty("Degrade")
    DEGRADE,
    @JsonProperty("Warn")
    WARN
  }
}
