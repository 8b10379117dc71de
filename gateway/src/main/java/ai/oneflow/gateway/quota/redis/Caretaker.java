package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import ai.oneflow.gateway.redis.RedisLink;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisReadOnlyException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects, opens leases, reaps dead gateways, and has lost counters written anew: what takes
/// longer than a call. Plain blocking code on a virtual thread of its own.
final class Caretaker implements Trouble, Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
  private static final long RETRY_MILLIS = 500;
  private static final long STEP_MILLIS = 50;
  private static final int REHEARSALS = 50;
  private static final Ask NOTHING =
      new Ask(List.of(Limit.hard("none", "none", Unit.CREDITS, new Span.Sliding(60_000), 1)), 0, 0);
  private static final long FAREWELL_MILLIS = 1_000;

  private final RedisSettings settings;
  private final Keys keys;
  private final RedisLedger ledger;
  private final RedisLink link;
  private final Commands commands;
  private final Desk desk;
  private final Reaper reaper;
  private final Mistaken mistaken;
  private final Starting starting;
  private final BlockingQueue<Errand> errands = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong reaped = new AtomicLong();
  private final AtomicLong rebuilds = new AtomicLong();
  private String epoch = "";
  private volatile String lease = "";

  Caretaker(RedisSettings settings, Terms terms, RedisLedger ledger, RedisLink link) {
    this.settings = settings;
    this.ledger = ledger;
    this.link = link;
    keys = terms.keys();
    commands = new Commands(link);
    desk = new Desk(terms, link, this);
    reaper = new Reaper(terms, commands, desk, ledger.orphans(), settings.leases());
    mistaken = new Mistaken(keys, commands, desk, reaper);
    starting = new Starting(new Round.Means(terms, commands, desk, ledger, settings.instance()));
  }

  Desk desk() {
    return desk;
  }

  /// Done when this gateway counts, and what it held before a restart is given back.
  CompletableFuture<Void> ready() {
    return ready;
  }

  QuotaStatistics statistics() {
    return desk.statistics(reaped.get(), rebuilds.get());
  }

  /// Another configuration is in force. Done when all of its limits can be used.
  CompletableFuture<Void> configured() {
    CompletableFuture<Void> done = starting.configured();
    errands.add(new Errand.Configured());
    return done;
  }

  @Override
  public void lost() {
    errands.add(new Errand.Lost());
  }

  @Override
  public void reaped() {
    errands.add(new Errand.Reaped());
  }

  @Override
  public void died(String of) {
    Errand errand = new Errand.Died(of);
    if (!errands.contains(errand)) {
      errands.add(errand);
    }
  }

  @Override
  public void silent() {
    link.replace();
  }

  @Override
  public void failed(Throwable failure) {
    LOG.debug("a call of redis failed", failure);
    if (failure instanceof RedisReadOnlyException
        || failure.getCause() instanceof RedisReadOnlyException) {
      errands.add(new Errand.Misled());
    }
  }

  @Override
  public void run() {
    try {
      until(link::connect);
      until(this::open);
      until(this::reapFormer);
      warm();
      ready.complete(null);
      boolean answered = true;
      while (closed.getCount() > 0) {
        long millis = answered && starting.isBusy() ? STEP_MILLIS : RETRY_MILLIS;
        Errand errand = errands.poll(millis, TimeUnit.MILLISECONDS);
        if (errand != null) {
          run(errand);
        }
        made(() -> mistaken.settle(epoch));
        answered = made(starting::step);
      }
    } catch (InterruptedException e) {
      LOG.debug("caretaker of counters ends");
    }
  }

  /// Something that Redis or the ledger may refuse today.
  private interface Attempt {
    void make() throws Unanswered, InterruptedException;
  }

  private void until(Attempt attempt) throws InterruptedException {
    while (closed.getCount() > 0 && !made(attempt)) {
      pause(RETRY_MILLIS);
    }
  }

  private boolean made(Attempt attempt) throws InterruptedException {
    try {
      attempt.make();
      return true;
    } catch (Unanswered | RedisException e) {
      LOG.atWarn().setCause(e).log("counters in redis are not reachable, trying again");
      replaceSilent(e);
      return false;
    }
  }

  /// While nothing is sent in batches nobody else notices.
  private void replaceSilent(Exception failure) {
    if (failure.getCause() instanceof TimeoutException) {
      link.replace();
    }
  }

  /// Goes the way of requests until it is quick. Where one is not answered, something else must be
  /// seen to first.
  private void warm() throws InterruptedException {
    boolean answered = true;
    for (int i = 0; i < REHEARSALS && answered; i++) {
      CompletableFuture<Taking> taking = new CompletableFuture<>();
      desk.rehearse(NOTHING, taking::complete);
      answered = made(() -> end(Commands.await(taking)));
      if (answered && !desk.isReachable()) {
        pause(STEP_MILLIS);
      }
    }
  }

  private void end(Taking taking) {
    if (taking instanceof Taking.Taken taken) {
      desk.settle(taken.hold(), new Spent(1, 0, 0));
    }
  }

  private void pause(long millis) throws InterruptedException {
    if (closed.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("closed");
    }
  }

  /// A dead gateway is tried once: it is told of again, and others must not wait for the ledger.
  private void run(Errand errand) throws InterruptedException {
    switch (errand) {
      case Errand.Lost() -> {
        LOG.warn("redis has lost counters, they are written anew from the ledger");
        rebuild();
      }
      case Errand.Reaped() -> {
        mistaken.add(lease);
        until(this::open);
      }
      case Errand.Died(String of) -> made(() -> reap(of));
      case Errand.Configured() -> {}
      case Errand.Misled() -> until(link::connect);
    }
  }

  private void open() throws Unanswered, InterruptedException {
    Optional<String> found = commands.get(keys.epoch());
    if (found.isPresent() && (epoch.isEmpty() || epoch.equals(found.get()))) {
      epoch = found.get();
      lease = newLease();
      starting.open(epoch);
      desk.open(new Lease(lease, epoch));
    } else {
      rebuild();
    }
  }

  private String newLease() {
    return settings.leases() + UUID.randomUUID().toString().substring(0, 8);
  }

  private void rebuild() throws InterruptedException {
    starting.lost();
    String former = lease;
    lease = newLease();
    Rebuild rebuild = new Rebuild(keys, commands, desk, ledger, new Rebuild.Leases(former, lease));
    Optional<String> rebuilt = Optional.empty();
    while (rebuilt.isEmpty()) {
      rebuilt = step(rebuild);
      if (rebuilt.isEmpty()) {
        pause(STEP_MILLIS);
      }
    }
    epoch = rebuilt.get();
    mistaken.clear();
    until(() -> starting.open(epoch));
    desk.resume(new Lease(lease, epoch));
    ledger.gate().resume();
    rebuilds.addAndGet(rebuild.wrote() ? 1 : 0);
    LOG.atInfo().addKeyValue("epoch", epoch).log("counters in redis are complete");
  }

  private Optional<String> step(Rebuild rebuild) throws InterruptedException {
    try {
      return rebuild.step();
    } catch (Unanswered | RuntimeException e) {
      LOG.atWarn().setCause(e).log("counters could not be written anew, trying again");
      replaceSilent(e);
      pause(RETRY_MILLIS);
      return Optional.empty();
    }
  }

  private void reapFormer() throws Unanswered, InterruptedException {
    List<String> all = commands.seenSince(keys.gateways(), 0);
    for (String of : all) {
      if (of.startsWith(settings.instance() + "#") && !of.startsWith(settings.leases())) {
        run(new Errand.Died(of));
      }
    }
  }

  private void reap(String of) throws Unanswered, InterruptedException {
    if (!of.equals(lease) && reaper.reap(of, epoch)) {
      reaped.incrementAndGet();
      LOG.atInfo().addKeyValue("lease", of).log("gave back what a dead gateway held");
    }
  }

  /// Tells Redis what it does not know yet, and that this gateway is gone, for which it may take a
  /// second; who is not done by then is reaped.
  @Override
  public void close() {
    closed.countDown();
    try {
      desk.farewell().get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
      if (!lease.isEmpty() && !desk.books(Books::hasHolds)) {
        commands.leave(keys.gateways(), lease, keys.lease(lease));
      }
    } catch (Unanswered | ExecutionException | TimeoutException e) {
      LOG.atInfo().setCause(e).log("counters in redis were not told of this gateway's end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
