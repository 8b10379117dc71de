package ai.oneflow.snapshot;

import java.time.Instant;

/// A budget was spent up to one of its `warnAt`, or wholly. A gateway may say it more than once,
/// and so may several: who hears of it tells it once. It needs no answer.
///
/// @param subject the ApiKey or QuotaPolicy with the budget
/// @param counter which of the subject's counters, as in `user=alice`; empty where it has one
/// @param since when the window began
/// @param percent 100: nothing is left
/// @param picoDollars the budget
public record Warning(
    EntryKey subject,
    String counter,
    BudgetEntry.Window window,
    Instant since,
    int percent,
    long picoDollars)
    implements FromGateway {

  public Warning {
    if (subject.kind() != Kind.API_KEY && subject.kind() != Kind.QUOTA_POLICY) {
      throw new IllegalArgumentException("a " + subject.kind().resourceKind() + " has no budget");
    }
    Require.within("percent", 1, 100, percent);
    Require.atLeast("picoDollars", 0, picoDollars);
  }
}
