package ai.oneflow.gateway.config;

import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.WhenAway;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RateLimit;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What several limits of one subject have in common.
///
/// @param counter how the names of their counters begin; no part of it holds a `|`, which divides
/// @param subject as a person is told
/// @param shadow whether they refuse nothing
record LimitScope(String counter, String subject, boolean shadow, WhenAway whenAway) {
  private static final int WHOLE = 100;

  static LimitScope of(String counter, String subject) {
    return new LimitScope(counter, subject, false, WhenAway.LOCAL_SHARE);
  }

  /// @param counted the dimensions of the policy's subject, each with the value that is counted
  static LimitScope of(QuotaEntry quota, Map<String, String> counted) {
    String id = quota.namespace() + "/" + quota.name();
    String values =
        counted.entrySet().stream()
            .map(value -> value.getKey() + " " + value.getValue())
            .collect(Collectors.joining(", "));
    return new LimitScope(
        "policy|"
            + id
            + counted.entrySet().stream().map(v -> "|" + v).collect(Collectors.joining()),
        values.isEmpty() ? "everything (policy " + id + ")" : values + " (policy " + id + ")",
        quota.shadow(),
        switch (quota.onUnavailable()) {
          case ALLOW -> WhenAway.ALLOW;
          case DENY -> WhenAway.DENY;
          case LOCAL_SHARE -> WhenAway.LOCAL_SHARE;
        });
  }

  List<Limit> sliding(Unit unit, List<RateLimit> limits) {
    return limits.stream()
        .map(
            limit ->
                limit(
                    unit,
                    limit.window().toSeconds() + "s",
                    new Span.Sliding(limit.window().toMillis()),
                    limit.amount()))
        .toList();
  }

  Limit concurrent(long amount) {
    return limit(Unit.CONCURRENT, "now", new Span.Whole(), amount);
  }

  /// Counts what is spent in a month, and limits nothing.
  Limit spending() {
    Span month = new Span.Calendar(Span.Period.MONTH, ZoneOffset.UTC);
    return limit(Unit.CREDITS, "month@UTC|spent", month, Long.MAX_VALUE).bound(Binding.COUNT);
  }

  Limit prepaid() {
    return limit(Unit.PREPAID, "total", new Span.Whole(), 0);
  }

  /// @throws IllegalArgumentException where nobody knows the time zone
  Limit budget(BudgetEntry budget) {
    Binding binding =
        switch (budget.action()) {
          case HARD_STOP -> Binding.HARD;
          case DEGRADE -> Binding.DEGRADE;
          case WARN -> Binding.COUNT;
        };
    return new Limit(
        counter
            + "|credits|"
            + budget.window().name().toLowerCase(Locale.ROOT)
            + "@"
            + budget.timeZone()
            + "|"
            + budget.action().name().toLowerCase(Locale.ROOT),
        subject,
        Unit.CREDITS,
        span(budget),
        budget.picoDollars(),
        shadow && binding.binds() ? Binding.SHADOW : binding,
        whenAway,
        budget.degradeTo(),
        withWhole(budget.warnAt()));
  }

  /// That a budget is spent is told whatever else is.
  private static List<Integer> withWhole(List<Integer> warnAt) {
    return Stream.concat(warnAt.stream(), Stream.of(WHOLE)).distinct().toList();
  }

  private static Span span(BudgetEntry budget) {
    return switch (budget.window()) {
      case DAY -> new Span.Calendar(Span.Period.DAY, zone(budget));
      case WEEK -> new Span.Calendar(Span.Period.WEEK, zone(budget));
      case MONTH -> new Span.Calendar(Span.Period.MONTH, zone(budget));
      case TOTAL -> new Span.Whole();
    };
  }

  private static ZoneId zone(BudgetEntry budget) {
    try {
      return ZoneId.of(budget.timeZone());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("nobody knows the time zone " + budget.timeZone(), e);
    }
  }

  private Limit limit(Unit unit, String span, Span of, long amount) {
    return new Limit(
        counter + "|" + unit.label() + "|" + span,
        subject,
        unit,
        of,
        amount,
        shadow ? Binding.SHADOW : Binding.HARD,
        whenAway,
        "",
        List.of());
  }
}
