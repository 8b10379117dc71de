package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.config.NewLimits;
import ai.oneflow.gateway.exchange.Settled;
import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives budgets that are added in the middle of their period what was used before, in the memory
/// of one gateway.
///
/// A line is drawn between two requests. What ended before it is in the ledger, and is read there
/// while nothing later comes into SQL. What is under way counts when it ends: by what it holds, or
/// here, where it was admitted before there was the budget. So each request counts once. Until the
/// ledger is read the new budgets refuse. Thread-safe.
public final class AddedLimits implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AddedLimits.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  private final JournaledLedger ledger;
  private final LedgerHistory history;
  private final UnderWay underWay;
  private volatile @Nullable Line line;
  private @Nullable Reading reading;

  /// The latest line.
  ///
  /// @param nanos when it was drawn: who began later was admitted by all limits of the book
  private record Line(MemoryQuotas counters, LimitBook book, long nanos) {}

  /// What is still to be read of the ledger.
  private record Reading(
      Line line, NewLimits limits, CompletableFuture<Void> stored, CompletableFuture<Void> done) {}

  private record Used(Limit limit, long atMillis, long amount) {}

  public AddedLimits(JournaledLedger ledger, LedgerHistory history, UnderWay underWay) {
    this.ledger = ledger;
    this.history = history;
    this.underWay = underWay;
  }

  /// A configuration is in force that has these limits more than the one before. What was still to
  /// be read for earlier ones is read along.
  ///
  /// @return done when they are known; cancelled when more are added meanwhile
  public synchronized CompletableFuture<Void> add(
      MemoryQuotas counters, LimitBook book, NewLimits added) {
    Reading former = reading;
    NewLimits all = former == null ? added : added.and(former.limits());
    Reading next = underWay.between(() -> draw(counters, book, all, new CompletableFuture<>()));
    reading = next;
    if (former != null) {
      former.done().cancel(false);
    }
    Thread.ofVirtual().name("added-limits").start(() -> read(next));
    return next.done();
  }

  private Reading draw(
      MemoryQuotas counters, LimitBook book, NewLimits limits, CompletableFuture<Void> done) {
    Line drawn = new Line(counters, book, System.nanoTime());
    line = drawn;
    counters.beginAnew(limits::has);
    return new Reading(drawn, limits, ledger.drainAndPause(), done);
  }

  /// A configuration is in force that has no limits more.
  public synchronized void keep(LimitBook book) {
    Line latest = line;
    if (latest != null) {
      line = new Line(latest.counters(), book, latest.nanos());
    }
  }

  /// A request has ended: counts it for what it was not admitted by. On its event loop.
  public void settled(Settled request) {
    Line latest = line;
    if (latest != null && request.startNanos() - latest.nanos() <= 0) {
      Latecomers.tell(latest.book(), request, latest.counters()::count);
    }
  }

  private void read(Reading first) {
    Reading of = awaited(first);
    while (isLatest(of)) {
      try {
        complete(of, usedBefore(of));
      } catch (SQLException | RuntimeException e) {
        LOG.atWarn().setCause(e).log("the ledger cannot be read yet: new budgets refuse");
        of = awaited(again(of));
      }
    }
  }

  /// Until all on this side of the line is in SQL, or it is of no use any more.
  private static Reading awaited(Reading of) {
    of.stored().handle((_, _) -> true).join();
    return of;
  }

  private synchronized boolean isLatest(Reading of) {
    return Objects.equals(of, reading);
  }

  private List<Used> usedBefore(Reading of) throws SQLException {
    List<Used> used = new ArrayList<>();
    history.visit(
        of.line().book(),
        of.limits(),
        (limit, atMillis, amount) -> used.add(new Used(limit, atMillis, amount)));
    return used;
  }

  /// Draws another line after a while, in which the ledger goes on: what cannot be read for long
  /// must not fill the journal.
  private Reading again(Reading of) {
    letGo(of);
    LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    synchronized (this) {
      Line latest = line;
      if (!isLatest(of) || latest == null) {
        return of;
      }
      Reading next =
          underWay.between(() -> draw(latest.counters(), latest.book(), of.limits(), of.done()));
      reading = next;
      return next;
    }
  }

  private synchronized void letGo(Reading of) {
    if (isLatest(of)) {
      ledger.resume();
    }
  }

  private synchronized void complete(Reading of, List<Used> used) {
    if (isLatest(of)) {
      MemoryQuotas counters = of.line().counters();
      used.forEach(each -> counters.count(each.limit(), each.atMillis(), each.amount()));
      counters.complete();
      reading = null;
      ledger.resume();
      of.done().complete(null);
    }
  }

  /// Nobody counts here any more.
  @Override
  public synchronized void close() {
    line = null;
    Reading unfinished = reading;
    if (unfinished != null) {
      reading = null;
      unfinished.done().cancel(false);
      ledger.resume();
    }
  }
}
