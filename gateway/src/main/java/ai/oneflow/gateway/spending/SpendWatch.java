package ai.oneflow.gateway.spending;

import ai.oneflow.gateway.config.push.SpendReports;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Spending.Spent;
import ai.oneflow.snapshot.Warning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells the operator what keys have spent, some seconds after they have, and of budgets that reach
/// a threshold at once. What all gateways count together is told by each of them.
public final class SpendWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Quotas quotas;
  private final SpendReports reports;
  private final InstantSource clock;
  private final Map<EntryKey, Limit> changed = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("spend-watch").factory());

  public SpendWatch(Quotas quotas, SpendReports reports, InstantSource clock) {
    this.quotas = quotas;
    this.reports = reports;
    this.clock = clock;
    thread.scheduleWithFixedDelay(
        this::tell, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// A key has spent something. Any thread; costs a look-up.
  ///
  /// @param spend the limit that counts what it spends
  public void spent(EntryKey key, Limit spend) {
    if (!changed.containsKey(key)) {
      changed.put(key, spend);
    }
  }

  /// A budget has reached a threshold.
  public void crossed(Crossing crossing) {
    String[] parts = crossing.limit().counter().split("\\|", -1);
    int slash = parts[1].indexOf('/');
    Kind kind = parts[0].equals("key") ? Kind.API_KEY : Kind.QUOTA_POLICY;
    List<String> counted = List.of(parts).subList(2, parts.length - 3);
    reports.warn(
        new Warning(
            new EntryKey(kind, parts[1].substring(0, slash), parts[1].substring(slash + 1)),
            String.join(", ", counted),
            window(crossing.limit().span()),
            Instant.ofEpochMilli(crossing.periodStart()),
            crossing.percent(),
            crossing.limit().amount()));
  }

  private void tell() {
    Map<EntryKey, Limit> now = Map.copyOf(changed);
    now.forEach(changed::remove);
    List<EntryKey> keys = new ArrayList<>(now.keySet());
    List<Limit> limits = keys.stream().map(now::get).toList();
    quotas.look(limits, Runnable::run, standings -> tell(keys, limits, standings));
  }

  /// Counters that cannot be reached are missing; they are asked for again with the next spending.
  private void tell(List<EntryKey> keys, List<Limit> limits, List<Standing> standings) {
    List<Spent> spent = new ArrayList<>();
    for (Standing standing : standings) {
      EntryKey key = keys.get(limits.indexOf(standing.limit()));
      Span span = standing.limit().span();
      Instant since =
          span instanceof Span.Calendar calendar
              ? Instant.ofEpochMilli(calendar.at(clock.millis()).start())
              : Instant.EPOCH;
      long used = standing.limit().amount() - standing.left();
      spent.add(new Spent(key.namespace(), key.name(), window(span), since, used));
    }
    reports.spent(spent);
  }

  private static BudgetEntry.Window window(Span span) {
    return switch (span) {
      case Span.Calendar(var period, _) ->
          switch (period) {
            case DAY -> BudgetEntry.Window.DAY;
            case WEEK -> BudgetEntry.Window.WEEK;
            case MONTH -> BudgetEntry.Window.MONTH;
          };
      case Span.Sliding(_), Span.Whole() -> BudgetEntry.Window.TOTAL;
    };
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
