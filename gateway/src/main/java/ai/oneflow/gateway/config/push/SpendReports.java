package ai.oneflow.gateway.config.push;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Spending.Spent;
import ai.oneflow.snapshot.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What the operator is to be told of spending, until there is a connection and a moment for it.
///
/// Any thread may report; none waits for the network. Of what a key has spent the last state is
/// kept and told, once a second at most, and told anew to an operator that came back. Warnings are
/// told anew for a while too, since nobody knows which of them the former connection lost.
public final class SpendReports {
  private static final int MOST_KEYS = 100_000;
  private static final int MOST_WARNINGS = 1_000;

  /// How many warnings go with one round.
  private static final int WARNINGS_AT_ONCE = 100;

  private static final Duration TOLD_ANEW_FOR = Duration.ofMinutes(10);

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Place, Spent> latest = new LinkedHashMap<>();
  private final Set<Place> untold = new LinkedHashSet<>();
  private final Map<Warning, Long> warnings = new LinkedHashMap<>();
  private final Set<Warning> untoldWarnings = new LinkedHashSet<>();
  private long connections;

  public SpendReports() {
    this(System::nanoTime);
  }

  SpendReports(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Place(EntryKey key, BudgetEntry.Window window) {}

  /// What these keys have spent by now.
  public void spent(Collection<Spent> now) {
    locked(() -> now.forEach(this::note));
  }

  private void note(Spent spent) {
    Place place = new Place(spent.key(), spent.window());
    if (!spent.equals(latest.remove(place))) {
      untold.add(place);
    }
    latest.put(place, spent);
    if (latest.size() > MOST_KEYS) {
      Place eldest = latest.keySet().iterator().next();
      latest.remove(eldest);
      untold.remove(eldest);
    }
  }

  /// A budget was spent up to a mark.
  public void warn(Warning warning) {
    locked(
        () -> {
          if (warnings.putIfAbsent(warning, nanoTime.getAsLong()) == null) {
            untoldWarnings.add(warning);
          }
          if (warnings.size() > MOST_WARNINGS) {
            Warning eldest = warnings.keySet().iterator().next();
            warnings.remove(eldest);
            untoldWarnings.remove(eldest);
          }
        });
  }

  /// There is a new connection, whose other end may know nothing.
  void connected() {
    locked(
        () -> {
          long now = nanoTime.getAsLong();
          warnings.values().removeIf(at -> now - at > TOLD_ANEW_FOR.toNanos());
          untoldWarnings.addAll(warnings.keySet());
          untold.addAll(latest.keySet());
          connections++;
        });
  }

  /// How often there was a new connection: what is known of long ago is told over it, which others
  /// may know better by now.
  public long connections() {
    lock.lock();
    try {
      return connections;
    } finally {
      lock.unlock();
    }
  }

  /// What to say in this round. It counts as told.
  List<FromGateway> take() {
    List<FromGateway> messages = new ArrayList<>();
    locked(
        () -> {
          messages.addAll(first(untoldWarnings, WARNINGS_AT_ONCE));
          List<Place> places = first(untold, Spending.MOST);
          if (!places.isEmpty()) {
            messages.add(new Spending(places.stream().map(latest::get).toList()));
          }
        });
    return messages;
  }

  private static <T> List<T> first(Set<T> waiting, int most) {
    List<T> taken = new ArrayList<>();
    Iterator<T> each = waiting.iterator();
    while (each.hasNext() && taken.size() < most) {
      taken.add(each.next());
      each.remove();
    }
    return taken;
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
