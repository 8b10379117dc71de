package ai.oneflow.operator.apply;

import ai.oneflow.operator.workload.Wanted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one LLMGateway's dependents on a thread of its own: whenever something of it
/// changed, a moment after it has written, and again after a failure, ever later.
final class WorkloadRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadRun.class);

  /// Changes of several dependents come together; one round is enough for them.
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(200);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration LOOK_AGAIN = OwnObjects.SHOWN_WITHIN.plusSeconds(1);

  private final Function<Wanted, Outcome> round;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signalled = lock.newCondition();
  private final Thread thread;
  private Wanted wanted;
  private boolean woken = true;
  private Instant notBefore = Instant.MIN;
  private Instant due = Instant.MAX;
  private Duration retryAfter = FIRST_RETRY;

  /// Begins at once.
  WorkloadRun(Wanted wanted, Function<Wanted, Outcome> round, Clock clock) {
    this.wanted = wanted;
    this.round = round;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("workload-" + wanted.id()).unstarted(this::run);
  }

  WorkloadRun start() {
    thread.start();
    return this;
  }

  /// What it is to be from now on. Something new does not wait for the end of a retry's pause.
  void want(Wanted next) {
    lock.lock();
    try {
      if (!wanted.asksTheSameAs(next)) {
        notBefore = Instant.MIN;
        retryAfter = FIRST_RETRY;
        woken = true;
      }
      wanted = next;
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Something changed in the cluster.
  void wake() {
    lock.lock();
    try {
      woken = true;
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        Wanted now = await();
        if (now.isAlive()) {
          plan(outcome(now));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Wanted await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Duration wait = untilNext();
      while (wait.isPositive()) {
        signalled.await(
            Math.min(wait.toMillis(), LAST_RETRY.toMillis()) + 1, TimeUnit.MILLISECONDS);
        wait = untilNext();
      }
      woken = false;
      // A look that is still to come after a write is not done by one before its time.
      due = due.isAfter(clock.instant()) ? due : Instant.MAX;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  private Duration untilNext() {
    Instant next = woken ? notBefore : due;
    Instant now = clock.instant();
    if (next.equals(Instant.MAX)) {
      return LAST_RETRY;
    }
    return next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
  }

  /// A bug that this gateway brings out must not stop its being looked after.
  private Outcome outcome(Wanted now) {
    try {
      return round.apply(now);
    } catch (RuntimeException e) {
      LOG.error("a round for the workload of {} failed; another follows", now.id(), e);
      return Outcome.broken(String.valueOf(e.getMessage()));
    }
  }

  private void plan(Outcome outcome) {
    lock.lock();
    try {
      Instant now = clock.instant();
      if (outcome.failure().isPresent() || outcome.paused()) {
        notBefore = now.plus(retryAfter);
        due = notBefore;
        retryAfter = shorter(retryAfter.multipliedBy(2), LAST_RETRY);
      } else {
        notBefore = now.plus(BETWEEN_ROUNDS);
        due = outcome.wrote() ? now.plus(LOOK_AGAIN) : due;
        retryAfter = FIRST_RETRY;
      }
    } finally {
      lock.unlock();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
