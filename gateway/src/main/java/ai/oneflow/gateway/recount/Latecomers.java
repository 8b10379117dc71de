package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.exchange.Settled;
import ai.oneflow.gateway.quota.Limit;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Counts requests that began under an earlier configuration for the budgets that have come since,
/// by which they were not admitted. Thread-safe.
public final class Latecomers {
  private volatile @Nullable Line line;

  /// @param nanos when the configuration came: who began later was admitted by all limits of it
  private record Line(LimitBook book, LedgerHistory.Visitor counters, long nanos) {}

  /// A configuration is in force.
  public void configured(LimitBook book, LedgerHistory.Visitor counters) {
    line = new Line(book, counters, System.nanoTime());
  }

  /// Nobody counts here any more.
  public void close() {
    line = null;
  }

  /// A request has ended. On its event loop.
  public void settled(Settled request) {
    Line latest = line;
    if (latest != null && request.startNanos() - latest.nanos() <= 0) {
      tell(latest.book(), request, latest.counters());
    }
  }

  /// Tells of the budgets of a book that a request falls under and was not admitted by.
  static void tell(LimitBook book, Settled request, LedgerHistory.Visitor counters) {
    Set<String> admittedBy =
        request.hold().ask().limits().stream().map(Limit::counter).collect(Collectors.toSet());
    for (Limit limit : book.lastingOf(request.caller(), request.destination())) {
      long used = request.spent().of(limit);
      if (used > 0 && !admittedBy.contains(limit.counter())) {
        counters.used(limit, request.id().startMillis(), used);
      }
    }
  }
}
