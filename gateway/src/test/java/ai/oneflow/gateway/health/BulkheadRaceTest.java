package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Threads that are event loops of their own enter, wait, give up and leave at once.
class BulkheadRaceTest {
  private static final int LOOPS = 12;
  private static final int ROUNDS = 4_000;
  private static final int MOST = 3;
  private static final int QUEUE = 6;

  private final Bulkhead bulkhead = new Bulkhead();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();

  @Test
  void neverMoreThanItMayAndNobodyIsForgotten() throws Exception {
    bulkhead.bound(MOST, QUEUE);
    List<Future<Integer>> loops = new ArrayList<>();
    int served = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(LOOPS)) {
      for (int i = 0; i < LOOPS; i++) {
        loops.add(threads.submit(new Loop(i)));
      }
      for (Future<Integer> loop : loops) {
        served += loop.get();
      }
    }

    assertThat(mostInside).hasValueBetween(1, MOST);
    assertThat(served).isPositive();
    assertThat(bulkhead.underWay()).isZero();
    assertThat(bulkhead.waiting()).isZero();
  }

  private final class Loop implements Callable<Integer> {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final SplittableRandom random;
    private int served;

    Loop(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public Integer call() throws InterruptedException {
      for (int i = 0; i < ROUNDS; i++) {
        request();
      }
      return served;
    }

    private void request() throws InterruptedException {
      if (bulkhead.tryEnter()) {
        serve();
        return;
      }
      int before = served;
      Bulkhead.Waiter waiter = bulkhead.await(tasks::add, this::serve);
      if (waiter == null) {
        return;
      }
      boolean waits =
          switch (random.nextInt(4)) {
            case 0 -> {
              waiter.giveUp();
              yield false;
            }
            case 1 -> !waiter.expire();
            default -> true;
          };
      while (waits && served == before) {
        Objects.requireNonNull(tasks.poll(20, TimeUnit.SECONDS), "a turn has never come").run();
      }
    }

    private void serve() {
      mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
      for (int spin = random.nextInt(100); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      inside.decrementAndGet();
      served++;
      bulkhead.leave();
    }
  }
}
