package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.Budget;
import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.value.Limits;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.RateLimit;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings budgets and credits from a manifest's words to whole pico-dollars, exactly or not at all.
final class Amounts {
  private static final long PICO_DOLLARS_PER_CREDIT = 10_000_000_000L;
  private static final long CREDITS_PER_DOLLAR = 100;

  /// So that sums of what was spent and what is held cannot leave 63 bits.
  private static final long MOST_CREDITS = 900_000_000L;

  private static final long MOST_DOLLARS = MOST_CREDITS / CREDITS_PER_DOLLAR;

  private Amounts() {}

  static List<RateLimit> credits(Findings findings, String field, @Nullable Limits credits) {
    List<RateLimit> all = new ArrayList<>();
    for (Limits.Limit limit : credits == null ? List.<Limits.Limit>of() : credits.all()) {
      if (limit.amount() > MOST_CREDITS) {
        findings.problem(
            ConditionReason.INVALID,
            field + " " + limit + " is above " + MOST_CREDITS + " credits, the most that counts");
      } else {
        all.add(new RateLimit(limit.amount() * PICO_DOLLARS_PER_CREDIT, limit.per().window()));
      }
    }
    return all;
  }

  static List<BudgetEntry> budgets(Findings findings, List<Budget> budgets) {
    List<BudgetEntry> all = new ArrayList<>();
    Set<Counted> counted = new HashSet<>();
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget = budgets.get(i);
      String field = "spec.budgets[" + i + "]";
      if (!counted.add(new Counted(budget.window(), budget.timeZone(), budget.action()))) {
        findings.problem(
            ConditionReason.INVALID,
            field
                + " has the window, timeZone and action of another one; leave the smaller of the"
                + " two");
      }
      if (isKnownZone(findings, field, budget.timeZone()) && fits(findings, field, budget)) {
        all.add(entry(budget));
      }
    }
    return all;
  }

  /// What no two budgets of one resource may share: nobody would know which of them holds.
  private record Counted(Budget.Window window, String timeZone, Budget.Action action) {}

  private static boolean isKnownZone(Findings findings, String field, String zone) {
    boolean known = ZoneId.getAvailableZoneIds().contains(zone);
    if (!known) {
      findings.problem(
          ConditionReason.INVALID,
          field + ".timeZone " + zone + " is no IANA time zone; write one as in Europe/Berlin");
    }
    return known;
  }

  private static boolean fits(Findings findings, String field, Budget budget) {
    long most = budget.unit() == Budget.Unit.USD ? MOST_DOLLARS : MOST_CREDITS;
    boolean fits = budget.amount().compareTo(BigDecimal.valueOf(most)) <= 0;
    if (!fits) {
      findings.problem(
          ConditionReason.INVALID,
          field
              + ".amount "
              + budget.amount().toPlainString()
              + " is above "
              + most
              + (budget.unit() == Budget.Unit.USD ? " US dollars" : " credits")
              + ", the most that counts");
    }
    return fits;
  }

  /// Six decimals at most, so that nothing is lost.
  private static BudgetEntry entry(Budget budget) {
    long factor =
        budget.unit() == Budget.Unit.USD
            ? PICO_DOLLARS_PER_CREDIT * CREDITS_PER_DOLLAR
            : PICO_DOLLARS_PER_CREDIT;
    return new BudgetEntry(
        budget.amount().multiply(BigDecimal.valueOf(factor)).longValueExact(),
        BudgetEntry.Window.valueOf(budget.window().name()),
        budget.timeZone(),
        BudgetEntry.Action.valueOf(budget.action().name()),
        budget.degradeTo() == null ? "" : budget.degradeTo(),
        budget.warnAt().stream().distinct().sorted().toList());
  }
}
