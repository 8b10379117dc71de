package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten providers of which nine fail in every way by turns, at a steady rate of requests: callers
/// notice nothing, and each is charged once. How long, how many and which, by the system properties
/// `failing.seconds`, `failing.rate` and `failing.seed`.
class FailingProvidersIT {
  private static final int PROVIDERS = 10;
  private static final long PRICE = 1_000_000;
  private static final Retry PATIENT =
      new Retry(10, Duration.ofMillis(1), Duration.ofMillis(100), 20);

  /// Well and ill by turns; a stream's faults come before its content, since after it there is no
  /// way back.
  private static final List<String> STATES =
      List.of(
          "",
          "gap=1ms",
          "status=500",
          "status=503 retry-after=1",
          "status=529",
          "status=429 retry-after=1",
          "status=401",
          "outcome=html",
          "outcome=reset at=before-headers",
          "outcome=stall at=before-headers",
          "outcome=truncate after=1",
          "outcome=error-event after=1",
          "outcome=garbage-event after=1",
          "outcome=half-stream after=1",
          "outcome=stall after=1",
          "outcome=bad-chunk after=1",
          "outcome=huge-headers");

  @TempDir Path folder;
  private final List<Simulator> providers = new ArrayList<>();
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < PROVIDERS; i++) {
      providers.add(Simulator.start(SimulatorOptions.defaults()));
    }
    gateway = GatewayUnderTest.start(folder, snapshot());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    for (Simulator provider : providers) {
      provider.close();
    }
  }

  /// How a request ended.
  private record Ended(int status, String body, int attempts, long nanos) {
    boolean isServed() {
      return status == 200
          && (body.endsWith("data: [DONE]\n\n") || body.contains("\"finish_reason\""));
    }
  }

  @Test
  void callersNoticeNothing() {
    long seed = Long.getLong("failing.seed", System.nanoTime());
    int seconds = Integer.getInteger("failing.seconds", 8);
    int rate = Integer.getInteger("failing.rate", 40);
    System.out.printf(
        "failing providers: -Dfailing.seed=%d -Dfailing.seconds=%d -Dfailing.rate=%d%n",
        seed, seconds, rate);

    Random random = new Random(seed);
    int served = warmUp(rate);
    List<Ended> all = run(Optional.of(random), seconds * rate, rate);
    providers.forEach(Simulator::clearScripts);
    List<Ended> well = run(Optional.empty(), seconds * rate / 2, rate);

    System.out.printf(
        "failing providers: all well: p99 %.1f ms; failing: p99 %.1f ms; %s%n",
        p99(well), p99(all), summary(all));
    assertThat(well).allMatch(Ended::isServed);
    assertThat(all.stream().filter(each -> !each.isServed())).isEmpty();
    assertThat(all.stream().filter(each -> each.attempts > 1)).isNotEmpty();
    List<Line> lines = gateway.lines(served + well.size() + all.size());
    assertThat(lines).hasSize(served + well.size() + all.size());
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.outcome()).isEqualTo("completed");
              assertThat(line.picoDollars()).isEqualTo(PRICE * (line.input() + line.output()));
            });
    long failed =
        Stream.concat(well.stream(), all.stream()).mapToLong(each -> each.attempts - 1).sum();
    assertThat(gateway.attempts()).hasSizeGreaterThanOrEqualTo(Math.toIntExact(failed));
  }

  /// A process that has just begun is no measure.
  private int warmUp(int rate) {
    int served = 0;
    for (int slower = 8; slower > 1; slower /= 2) {
      served += run(Optional.empty(), rate / 2, rate / slower).size();
    }
    return served;
  }

  /// @param faults by which providers turn well and ill; empty: all are well
  private List<Ended> run(Optional<Random> faults, int requests, int rate) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<CompletableFuture<Ended>> calls = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        if (i % Math.max(1, rate / 4) == 0) {
          faults.ifPresent(this::changeOne);
        }
        calls.add(call(client, i % 2 == 0));
        long next = begin + TimeUnit.SECONDS.toNanos(i + 1L) / rate;
        LockSupport.parkNanos(next - System.nanoTime());
      }
      return calls.stream().map(CompletableFuture::join).toList();
    }
  }

  /// All but the last.
  private void changeOne(Random random) {
    Simulator provider = providers.get(random.nextInt(PROVIDERS - 1));
    String state = STATES.get(random.nextInt(STATES.size()));
    provider.clearScripts();
    if (!state.isEmpty()) {
      provider.script(0, state);
    }
  }

  private CompletableFuture<Ended> call(HttpClient client, boolean stream) {
    String body =
        "{\"model\":\"smart\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}";
    long begin = System.nanoTime();
    return client
        .sendAsync(
            gateway
                .request("/v1/chat/completions", Configurations.KEY)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8))
        .handle((answer, failure) -> ended(Optional.ofNullable(answer), failure, begin));
  }

  private static Ended ended(
      Optional<HttpResponse<String>> answer, Throwable failure, long beginNanos) {
    long nanos = System.nanoTime() - beginNanos;
    return answer
        .map(
            it ->
                new Ended(
                    it.statusCode(),
                    it.body(),
                    Integer.parseInt(it.headers().firstValue("oneflow-attempts").orElse("0")),
                    nanos))
        .orElseGet(() -> new Ended(0, String.valueOf(failure), 0, nanos));
  }

  private static String summary(List<Ended> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Ended::attempts, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(each -> each.getValue() + " requests took " + each.getKey() + " attempts")
        .collect(Collectors.joining(", "));
  }

  private static double p99(List<Ended> all) {
    long[] nanos = all.stream().mapToLong(Ended::nanos).sorted().toArray();
    return nanos[nanos.length * 99 / 100] / 1e6;
  }

  private GatewaySnapshot snapshot() {
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    List<RouteEntry.Target> targets = new ArrayList<>();
    for (int i = 0; i < PROVIDERS; i++) {
      String name = "p" + i;
      entries.add(
          Configurations.withBreaker(
              Configurations.provider(
                  name,
                  providers.get(i).baseUrl(),
                  List.of(Configurations.model("gpt-4o", PRICE)),
                  Duration.ofMillis(700))));
      targets.add(new RouteEntry.Target("ai", name, "gpt-4o", 1, 0));
    }
    RouteEntry.Selection plain = RouteEntry.Selection.by(Strategy.WEIGHTED, Unpriced.REFUSE);
    RouteEntry.Selection all =
        new RouteEntry.Selection(
            plain.strategy(),
            plain.weights(),
            plain.require(),
            PROVIDERS - 1,
            plain.sticky(),
            plain.overridable(),
            plain.unpriced());
    entries.add(new RouteEntry("ai", "smart", 1, List.of("smart"), targets, all, PATIENT, false));
    return GatewaySnapshot.of(entries);
  }
}
