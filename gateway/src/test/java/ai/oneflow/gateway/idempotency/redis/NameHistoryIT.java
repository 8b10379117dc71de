package ai.oneflow.gateway.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.idempotency.Linearizability;
import ai.oneflow.gateway.idempotency.Linearizability.Call;
import ai.oneflow.gateway.idempotency.NameCaller;
import ai.oneflow.gateway.idempotency.NameModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Gateways that claim, renew, conclude and let go one name of a real Redis at the same time: what
/// they see has an order, also where Redis loses the name or connections break meanwhile. How many
/// names and which, by the system properties `history.names` and `history.seed`.
final class NameHistoryIT {
  private static final int GATEWAYS = 4;
  private static final int CALLS = 7;
  private static final int NAMES = Integer.getInteger("history.names", 250);

  private final AtomicLong ticks = new AtomicLong();
  private final List<RedisReplays> gateways = new ArrayList<>();
  private final long seed = Long.getLong("history.seed", System.nanoTime());
  private NamesInRedis names;

  @BeforeEach
  void start() throws IOException {
    System.out.printf(
        "names of many gateways: -Dhistory.seed=%d -Dhistory.names=%d%n", seed, NAMES);
    names = NamesInRedis.start();
    for (int i = 0; i < GATEWAYS; i++) {
      gateways.add(names.gateway(_ -> {}));
    }
  }

  @AfterEach
  void stop() throws IOException {
    if (names != null) {
      names.close();
    }
  }

  @Test
  void whatGatewaysSeeHasAnOrderWhileRedisLosesNames() throws Exception {
    for (int i = 0; i < NAMES; i++) {
      int number = i;
      List<Call> calls = history(i, () -> List.of(lose(number)));

      assertThat(Linearizability.holdsFor(calls)).as("%s", calls).isTrue();
    }
  }

  /// What was sent before may be sent again then. Of every fifth name the connections break once,
  /// so that how many names this takes away does not hang on how fast the machine is.
  @Test
  void whatGatewaysSeeHasAnOrderWhileConnectionsBreak() throws Exception {
    int judged = 0;
    for (int i = 0; i < NAMES; i++) {
      int number = i;
      List<Call> calls = history(i, () -> number % 5 == 0 ? breakConnections(number) : List.of());
      if (heard(calls)) {
        assertThat(Linearizability.holdsFor(calls)).as("%s", calls).isTrue();
        judged++;
      } else {
        gateways.forEach(NameHistoryIT::awaitAnswer);
      }
    }
    assertThat(judged).isGreaterThanOrEqualTo(NAMES - NAMES / 5);
  }

  /// What became of a claim that nobody answered is not known.
  private static boolean heard(List<Call> calls) {
    return calls.stream().noneMatch(call -> call.seen().equals("unreachable"));
  }

  /// A gateway that got no answer does not ask again for a while.
  private static void awaitAnswer(RedisReplays gateway) {
    NameCaller caller = new NameCaller(gateway, "asked whether it answers", 0);
    Awaitility.await()
        .atMost(NamesInRedis.LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !caller.claim("body").equals("unreachable"));
    caller.letGo();
  }

  private List<Call> breakConnections(int number) throws IOException {
    pause(number);
    names.redis.ask("CLIENT", "KILL", "TYPE", "normal");
    return List.of();
  }

  /// Up to 4 ms: about as long as what is done with one name.
  private static void pause(int number) {
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(number % 20 * 200L));
  }

  /// @param beside what else happens once meanwhile
  private List<Call> history(int number, Callable<List<Call>> beside) throws Exception {
    String name = "n" + number;
    List<Callable<List<Call>>> threads = new ArrayList<>();
    for (int i = 0; i < GATEWAYS; i++) {
      SplittableRandom random = new SplittableRandom(seed + (long) number * GATEWAYS + i);
      threads.add(new Gateway(gateways.get(i), name, i, random));
    }
    threads.add(beside);
    return atOnce(threads);
  }

  private static List<Call> atOnce(List<Callable<List<Call>>> threads) throws Exception {
    List<Call> all = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Call>>> parts = new ArrayList<>();
      for (Callable<List<Call>> thread : threads) {
        parts.add(
            executor.submit(
                () -> {
                  start.await();
                  return thread.call();
                }));
      }
      start.countDown();
      for (Future<List<Call>> part : parts) {
        all.addAll(part.get());
      }
    }
    return all;
  }

  private Call lose(int number) {
    pause(number);
    return call("lose", NameModel::lose, () -> delete(number));
  }

  private String delete(int number) {
    try {
      names.redis.ask("DEL", "oneflow:ai/main:request:n" + number);
      return "done";
    } catch (IOException e) {
      throw new AssertionError("Redis does not answer", e);
    }
  }

  private Call call(String what, Function<NameModel, NameModel.Step> step, Supplier<String> real) {
    long begun = ticks.incrementAndGet();
    String seen = real.get();
    return new Call(begun, ticks.incrementAndGet(), what, step, seen);
  }

  /// One of several that have the same request.
  private final class Gateway implements Callable<List<Call>> {
    private final RedisReplays replays;
    private final NameCaller caller;
    private final int number;
    private final SplittableRandom random;

    Gateway(RedisReplays replays, String name, int number, SplittableRandom random) {
      this.replays = replays;
      this.caller = new NameCaller(replays, name, number);
      this.number = number;
      this.random = random;
    }

    @Override
    public List<Call> call() {
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(next());
      }
      return calls;
    }

    private Call next() {
      String body = random.nextInt(8) == 0 ? "another body" : "body";
      return switch (random.nextInt(7)) {
        case 0 -> told("renew", name -> name.renew(number), caller::renew);
        case 1 -> told("conclude", name -> name.conclude(number), caller::conclude);
        case 2, 3 -> told("let go", name -> name.letGo(number), caller::letGo);
        default ->
            NameHistoryIT.this.call(
                number + " claim " + body,
                name -> name.claim(number, body),
                () -> caller.claim(body));
      };
    }

    /// What is said of a turn ends when Redis has heard it.
    private Call told(
        String what, Function<NameModel, NameModel.Step> step, Supplier<String> saying) {
      return NameHistoryIT.this.call(
          number + " " + what,
          step,
          () -> {
            String seen = saying.get();
            while (!replays.hasToldAll()) {
              LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(20));
            }
            return seen;
          });
    }
  }
}
