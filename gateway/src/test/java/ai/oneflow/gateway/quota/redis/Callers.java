package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Many callers who ask at once, each for an upper bound of what it then uses.
final class Callers {
  static final long BOUND = 10;

  private final List<TestFleet.Member> gateways;
  private final Limit limit;
  private final CountDownLatch done;
  private final AtomicInteger served = new AtomicInteger();

  private Callers(List<TestFleet.Member> gateways, Limit limit, int callers) {
    this.gateways = List.copyOf(gateways);
    this.limit = limit;
    done = new CountDownLatch(callers);
  }

  static Callers start(List<TestFleet.Member> gateways, Limit limit, int callers) {
    Callers all = new Callers(gateways, limit, callers);
    for (int i = 0; i < callers; i++) {
      int number = i;
      Thread.startVirtualThread(() -> all.call(number));
    }
    return all;
  }

  /// How many were served, when all have been answered.
  int await() throws InterruptedException {
    if (!done.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(done.getCount() + " callers without an answer");
    }
    return served.get();
  }

  boolean areDone() {
    return done.getCount() == 0;
  }

  int served() {
    return served.get();
  }

  /// Asks again as long as what is missing may come back.
  private void call(int number) {
    TestFleet.Member gateway = gateways.get(number % gateways.size());
    try {
      Taking taking = TestFleet.take(gateway.quotas(), limit, BOUND);
      while (mayFitLater(taking)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        taking = TestFleet.take(gateway.quotas(), limit, BOUND);
      }
      if (taking instanceof Taking.Taken(Hold hold, _, _)) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(number % 7));
        long used = 4 + number % (BOUND - 3);
        gateway.settle(hold, limit, new Spent(1, used, used));
        served.incrementAndGet();
      }
    } finally {
      done.countDown();
    }
  }

  private static boolean mayFitLater(Taking taking) {
    return switch (taking) {
      case Taking.Taken _ -> false;
      case Taking.Refused refused -> refused.held();
      case Taking.Unreachable _ -> true;
    };
  }
}
