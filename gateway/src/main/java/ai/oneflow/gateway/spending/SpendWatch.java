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
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells the operator what keys have spent, some seconds after they have, and of budgets that reach
/// a threshold at once. What all gateways count together is told by each of them; what requests
/// under way hold is not spent.
///
/// A key that has spent is looked at in two rounds, since what was settled just before the first
/// may still be on its way to the counters; and all are when the operator was away, which is told
/// at first what was last known of them.
public final class SpendWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int AT_ONCE = 1_000;
  private static final int MOST_KNOWN = 100_000;

  private final Quotas quotas;
  private final SpendReports reports;
  private final InstantSource clock;
  private final Map<EntryKey, Limit> changed = new ConcurrentHashMap<>();

  /// To be looked at once more, and all that were looked at. On the thread of this alone.
  private Map<EntryKey, Limit> again = Map.of();

  private final Map<EntryKey, Limit> known = new LinkedHashMap<>();
  private long connections;
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
    Map<EntryKey, Limit> news = Map.copyOf(changed);
    news.forEach(changed::remove);
    note(news);
    Map<EntryKey, Limit> all = new LinkedHashMap<>(again);
    long now = reports.connections();
    if (now != connections) {
      connections = now;
      all.putAll(known);
    }
    all.putAll(news);
    again = news;
    List<Map.Entry<EntryKey, Limit>> keys = List.copyOf(all.entrySet());
    for (int from = 0; from < keys.size(); from += AT_ONCE) {
      look(keys.subList(from, Math.min(keys.size(), from + AT_ONCE)));
    }
  }

  private void note(Map<EntryKey, Limit> news) {
    known.keySet().removeAll(news.keySet());
    known.putAll(news);
    Iterator<EntryKey> eldest = known.keySet().iterator();
    for (int tooMany = known.size() - MOST_KNOWN; tooMany > 0; tooMany--) {
      eldest.next();
      eldest.remove();
    }
  }

  /// Counters that cannot be reached are missing; they are asked for again in the next round.
  private void look(List<Map.Entry<EntryKey, Limit>> keys) {
    Map<Limit, EntryKey> missing = new HashMap<>();
    keys.forEach(key -> missing.put(key.getValue(), key.getKey()));
    quotas.look(
        List.copyOf(missing.keySet()),
        Runnable::run,
        standings -> {
          List<Spent> spent = new ArrayList<>();
          for (Standing standing : standings) {
            EntryKey key = missing.remove(standing.limit());
            if (key != null) {
              spent.add(spent(key, standing));
            }
          }
          missing.forEach((limit, key) -> changed.putIfAbsent(key, limit));
          reports.spent(spent);
        });
  }

  private Spent spent(EntryKey key, Standing standing) {
    Span span = standing.limit().span();
    Instant since =
        span instanceof Span.Calendar calendar
            ? Instant.ofEpochMilli(calendar.at(clock.millis()).start())
            : Instant.EPOCH;
    return new Spent(key.namespace(), key.name(), window(span), since, standing.settled());
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
