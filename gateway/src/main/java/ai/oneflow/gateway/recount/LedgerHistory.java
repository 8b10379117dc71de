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

  /// The limits of each way that is met.
  private record Ways(LimitBook book, Map<Way, List<Limit>> known) {
    Ways(LimitBook book) {
      this(book, new HashMap<>());
    }

    List<Limit> limits(Spend spend) {
      return known.computeIfAbsent(
          new Way(spend.caller(), spend.destination()),
          way -> book.of(way.caller(), way.destination()));
    }
  }

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

  /// Hears what was used of one limit by the requests of one gateway, at about one time.
  public interface GatewayVisitor {
    void used(String gateway, Limit limit, long atMillis, long amount);
  }

  /// As [#visit(LimitBook, NewLimits, Visitor)], for each gateway by itself.
  ///
  /// @throws SQLException where the ledger could not be read in whole
  public void visitByGateway(LimitBook book, NewLimits limits, GatewayVisitor visitor)
      throws SQLException {
    Ways ways = new Ways(book);
    for (Span span : book.spansOf(limits.ofSpenders(ledger.keys()))) {
      ledger.totalsByGateway(
          interval(span),
          (gateway, spend) ->
              tell(
                  span,
                  spend,
                  ways.limits(spend),
                  (limit, atMillis, amount) -> {
                    if (limits.has(limit.counter())) {
                      visitor.used(gateway, limit, atMillis, amount);
                    }
                  }));
    }
  }

  private void visit(LimitBook book, Set<Span> spans, Visitor visitor) throws SQLException {
    Ways ways = new Ways(book);
    for (Span span : spans) {
      read(span, spend -> tell(span, spend, ways.limits(spend), visitor));
    }
  }

  private void read(Span span, Consumer<Spend> each) throws SQLException {
    if (span instanceof Span.Sliding sliding) {
      ledger.slots(interval(span), sliding.slotMillis(), each);
    } else {
      ledger.totals(interval(span), each);
    }
  }

  /// What still counts.
  private Interval interval(Span span) {
    long now = clock.millis();
    return switch (span) {
      case Span.Sliding sliding ->
          new Interval(now - sliding.millis() - sliding.slotMillis(), Long.MAX_VALUE);
      case Span.Calendar calendar -> new Interval(calendar.at(now).start(), Long.MAX_VALUE);
      case Span.Whole() -> Interval.EVER;
    };
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
