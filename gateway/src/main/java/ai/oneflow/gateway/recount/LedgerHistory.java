package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.config.NewLimits;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.sql.Interval;
import ai.oneflow.gateway.ledger.sql.SpendHistory;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Reads what was used of the limits in force, a query for each span of time that one of them
/// speaks of. A counter that several limits share is told of once.
public final class LedgerHistory {
  private final SpendHistory ledger;
  private final InstantSource clock;

  /// Hears what was used of one limit, at about one time.
  public interface Visitor {
    void used(Limit limit, long atMillis, long amount);
  }

  private record Way(Caller caller, Destination destination) {}

  public LedgerHistory(SpendHistory ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Tells of all that may still count.
  ///
  /// @throws SQLException where the ledger could not be read in whole
  public void visit(CompiledConfiguration configuration, Visitor visitor) throws SQLException {
    LimitBook book = configuration.limits();
    visit(book, book.spans(), visitor);
  }

  /// Tells of all that still counts for these limits alone. Reads next to nothing for keys that
  /// never spent anything, as a key that was made just now.
  ///
  /// @throws SQLException where the ledger could not be read in whole
  public void visit(LimitBook book, NewLimits limits, Visitor visitor) throws SQLException {
    visit(
        book,
        book.spansOf(limits.ofSpenders(ledger.keys())),
        (limit, atMillis, amount) -> {
          if (limits.has(limit.counter())) {
            visitor.used(limit, atMillis, amount);
          }
        });
  }

  private void visit(LimitBook book, Set<Span> spans, Visitor visitor) throws SQLException {
    Map<Way, List<Limit>> known = new HashMap<>();
    for (Span span : spans) {
      read(
          span,
          spend ->
              tell(
                  span,
                  spend,
                  known.computeIfAbsent(
                      new Way(spend.caller(), spend.destination()),
                      way -> book.of(way.caller(), way.destination())),
                  visitor));
    }
  }

  private void read(Span span, Consumer<Spend> each) throws SQLException {
    long now = clock.millis();
    switch (span) {
      case Span.Sliding sliding -> {
        long since = now - sliding.millis() - sliding.slotMillis();
        ledger.slots(new Interval(since, Long.MAX_VALUE), sliding.slotMillis(), each);
      }
      case Span.Calendar calendar ->
          ledger.totals(new Interval(calendar.at(now).start(), Long.MAX_VALUE), each);
      case Span.Whole() -> ledger.totals(Interval.EVER, each);
    }
  }

  private void tell(Span span, Spend spend, List<Limit> limits, Visitor visitor) {
    Spent spent = new Spent(spend.requests(), spend.tokens(), spend.picoDollars());
    long at = span instanceof Span.Sliding ? spend.startMillis() : clock.millis();
    for (Limit limit : limits) {
      long used = spent.of(limit);
      if (limit.span().equals(span) && used > 0) {
        visitor.used(limit, at, used);
      }
    }
  }
}
