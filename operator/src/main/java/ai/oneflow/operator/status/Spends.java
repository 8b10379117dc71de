package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ApiKeyStatus.Spend;
import ai.oneflow.api.v1alpha1.Budget;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Spending.Spent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// What gateways say keys have spent, and when they were used. It is shown in rounds, so that a
/// busy key does not have its status written with every request. Safe for use by several threads.
///
/// Pods of one gateway count together, so what one of them said last of the window that began last
/// holds: less than before, too, where counters were put right.
public final class Spends implements AutoCloseable {
  /// How often a status shows something new.
  public static final Duration SHOWN_EVERY = Duration.ofSeconds(15);

  /// A gateway that names ever more keys fills no more than this.
  private static final int MOST = 500_000;

  private static final int CREDIT_DIGITS = 10;

  /// As many decimals as a status may have, and never fewer than money has.
  private static final int MOST_DECIMALS = 6;

  private static final int LEAST_DECIMALS = 2;

  /// Of several windows the one that a person asks for first.
  private static final List<Window> BY_INTEREST =
      List.of(Window.MONTH, Window.WEEK, Window.DAY, Window.TOTAL);

  private final Duration every;
  private final Runnable changed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Place, Spent> reported = new HashMap<>();
  private final Map<Used, Instant> used = new HashMap<>();
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("spending").daemon().factory());
  private Map<Place, Spent> shown = Map.of();
  private long shownAt;
  private boolean waiting;

  /// @param changed called when there is something new to show
  public Spends(Duration every, Runnable changed) {
    this.every = every;
    this.changed = changed;
    this.shownAt = System.nanoTime() - every.toNanos();
  }

  private record Place(GatewayId gateway, EntryKey key, Window window) {}

  private record Used(GatewayId gateway, EntryKey key) {}

  /// What is known of a key, as far as gateways have said.
  public record Told(Optional<Spend> spend, Optional<Instant> lastUsed) {}

  /// Takes what a gateway says; returns at once.
  public void spent(GatewayId gateway, Spending spending) {
    locked(
        () -> {
          boolean news = false;
          for (Spent spent : spending.keys()) {
            Place place = new Place(gateway, spent.key(), spent.window());
            Spent former = reported.get(place);
            if (reported.size() < MOST && (former == null || isNews(spent, former))) {
              reported.put(place, spent);
              news = true;
            }
          }
          if (news) {
            showSoon();
          }
        });
  }

  /// Takes what a gateway says of when keys were used; returns at once.
  public void used(GatewayId gateway, KeyUses uses) {
    locked(
        () -> {
          for (KeyUses.Use use : uses.keys()) {
            Used place = new Used(gateway, use.key());
            if (used.size() < MOST || used.containsKey(place)) {
              used.merge(place, use.at(), (one, other) -> one.isAfter(other) ? one : other);
            }
          }
          showSoon();
        });
  }

  private void showSoon() {
    if (!waiting) {
      waiting = true;
      long next = Math.max(0, shownAt + every.toNanos() - System.nanoTime());
      rounds.schedule(this::show, next, TimeUnit.NANOSECONDS);
    }
  }

  /// A pod whose clock is behind speaks of the former window for a while.
  private static boolean isNews(Spent spent, Spent former) {
    return !spent.since().isBefore(former.since()) && !spent.equals(former);
  }

  private void show() {
    locked(
        () -> {
          shown = Map.copyOf(reported);
          shownAt = System.nanoTime();
          waiting = false;
        });
    changed.run();
  }

  /// What a key has spent at these gateways; empty where none of them said so.
  public Optional<Spend> of(EntryKey key, Collection<GatewayId> gateways) {
    lock.lock();
    try {
      return BY_INTEREST.stream()
          .flatMap(window -> of(key, gateways, window).stream())
          .findFirst()
          .map(Spends::spend);
    } finally {
      lock.unlock();
    }
  }

  /// All that these gateways have said of a key.
  public Told told(EntryKey key, Collection<GatewayId> gateways) {
    lock.lock();
    try {
      Optional<Instant> lastUsed =
          gateways.stream()
              .flatMap(gateway -> Stream.ofNullable(used.get(new Used(gateway, key))))
              .max(Comparator.naturalOrder());
      return new Told(of(key, gateways), lastUsed);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Spent> of(EntryKey key, Collection<GatewayId> gateways, Window window) {
    return gateways.stream()
        .map(gateway -> shown.get(new Place(gateway, key, window)))
        .filter(Objects::nonNull)
        .max(Comparator.comparing(Spent::since).thenComparingLong(Spent::picoDollars));
  }

  private static Spend spend(Spent spent) {
    BigDecimal credits =
        BigDecimal.valueOf(spent.picoDollars(), CREDIT_DIGITS)
            .setScale(MOST_DECIMALS, RoundingMode.HALF_UP)
            .stripTrailingZeros();
    return new Spend(
        Budget.Window.valueOf(spent.window().name()),
        spent.since(),
        credits.setScale(Math.max(LEAST_DECIMALS, credits.scale()), RoundingMode.UNNECESSARY));
  }

  /// Forgets keys and gateways that are gone.
  public void retain(Set<EntryKey> keys, Set<GatewayId> gateways) {
    locked(
        () -> {
          reported
              .keySet()
              .removeIf(
                  place -> !keys.contains(place.key()) || !gateways.contains(place.gateway()));
          used.keySet()
              .removeIf(
                  place -> !keys.contains(place.key()) || !gateways.contains(place.gateway()));
        });
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
