package ai.oneflow.bench.quota;

import ai.oneflow.bench.process.ProcessTree;
import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.redis.LedgerGate;
import ai.oneflow.gateway.quota.redis.Past;
import ai.oneflow.gateway.quota.redis.QuotaStatistics;
import ai.oneflow.gateway.quota.redis.RedisLedger;
import ai.oneflow.gateway.quota.redis.RedisQuotas;
import ai.oneflow.gateway.quota.redis.RedisSettings;
import ai.oneflow.gateway.quota.redis.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Takes and settles five limits a request in a Redis of its own: one request at a time, 32 at
/// once, and out of shares. Prints CPU time of Redis and of this process, and calls, for each
/// request.
@Command(name = "quotas", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class QuotaCostMain implements Callable<Integer> {
  private static final long HUGE = 1_000_000_000_000_000L;
  private static final Spent SPENT = new Spent(1, 300, 4_000_000);
  private static final Duration READY_WITHIN = Duration.ofSeconds(20);

  @Option(names = "--redis", defaultValue = "redis-server", description = "The server's program.")
  private String program = "";

  @Option(names = "--requests", defaultValue = "50000", description = "Of each kind.")
  private int requests;

  private record Cost(String name, double redisMicros, double ownMicros, double calls) {}

  /// Measures and prints a table.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new QuotaCostMain()).execute(arguments));
  }

  @Override
  public Integer call()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    int port = freePort();
    Process redis =
        new ProcessBuilder(program, "--port", String.valueOf(port), "--save", "")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<Cost> costs = new ArrayList<>();
      costs.add(measure("exact, one at a time", port, redis, false, 1));
      costs.add(measure("exact, 32 at once", port, redis, false, 32));
      costs.add(measure("shares, 32 at once", port, redis, true, 32));
      print(costs);
    } finally {
      redis.destroy();
    }
    return 0;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Cost measure(String name, int port, Process redis, boolean shares, int atOnce)
      throws InterruptedException, ExecutionException, TimeoutException {
    RedisSettings settings =
        new RedisSettings(
            "redis://127.0.0.1:" + port,
            Optional.empty(),
            false,
            shares,
            "bench/" + atOnce + shares,
            "gateway-0",
            Run.begin());
    try (RedisQuotas quotas = RedisQuotas.open(settings, ledger(), _ -> {})) {
      quotas.ready().get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS);
      drive(quotas, atOnce);
      ProcessTree server = new ProcessTree(redis.toHandle());
      ProcessTree self = new ProcessTree(ProcessHandle.current());
      long children = server.cpuMicros();
      long own = self.cpuMicros() - children;
      QuotaStatistics before = quotas.statistics();
      drive(quotas, atOnce);
      QuotaStatistics after = quotas.statistics();
      long redisMicros = server.cpuMicros() - children;
      long ownMicros = self.cpuMicros() - server.cpuMicros() - own;
      return new Cost(
          name,
          (double) redisMicros / requests,
          (double) ownMicros / requests,
          (double) (after.batches() - before.batches()) / requests);
    }
  }

  private void drive(Quotas quotas, int atOnce) throws InterruptedException {
    Ask ask = new Ask(limits(), 1_000, 50_000_000);
    Semaphore free = new Semaphore(atOnce);
    for (int i = 0; i < requests; i++) {
      free.acquire();
      quotas.take(ask, Runnable::run, taking -> taken(quotas, taking, free));
    }
    free.acquire(atOnce);
  }

  private static void taken(Quotas quotas, Taking taking, Semaphore free) {
    if (taking instanceof Taking.Taken taken) {
      quotas.settle(taken.hold(), SPENT);
    }
    free.release();
  }

  private static List<Limit> limits() {
    Span minute = new Span.Sliding(Duration.ofMinutes(1).toMillis());
    Span hour = new Span.Sliding(Duration.ofHours(1).toMillis());
    Span month = new Span.Calendar(Span.Period.MONTH, ZoneId.of("UTC"));
    return List.of(
        Limit.hard("key/a/requests/minute", "key a", Unit.REQUESTS, minute, HUGE),
        Limit.hard("key/a/tokens/minute", "key a", Unit.TOKENS, minute, HUGE),
        Limit.hard("user/u/requests/hour", "user u", Unit.REQUESTS, hour, HUGE),
        Limit.hard("key/a/credits/month", "key a", Unit.CREDITS, month, HUGE * 1_000),
        Limit.hard("project/p/credits/month", "project p", Unit.CREDITS, month, HUGE * 1_000));
  }

  /// One without a past.
  private static RedisLedger ledger() {
    LedgerGate gate =
        new LedgerGate() {
          @Override
          public <T> T between(Supplier<T> task) {
            return task.get();
          }

          @Override
          public CompletableFuture<Void> drainAndPause() {
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public void resume() {}
        };
    return new RedisLedger(
        gate, _ -> {}, new NoPast(), List::of, _ -> CompletableFuture.completedFuture(List.of()));
  }

  /// All limits are there from the beginning.
  private static final class NoPast implements Past {
    @Override
    public Map<String, String> limits() {
      return Map.of();
    }

    @Override
    public void visit(Set<String> marks, Visitor visitor) {}
  }

  private static void print(List<Cost> costs) {
    System.out.printf(
        "%-24s %14s %14s %16s%n", "", "Redis CPU-µs", "own CPU-µs", "calls a request");
    for (Cost cost : costs) {
      System.out.printf(
          "%-24s %14.1f %14.1f %16.3f%n",
          cost.name(), cost.redisMicros(), cost.ownMicros(), cost.calls());
    }
  }
}
