package ai.oneflow.tests.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import ai.oneflow.tests.dataplane.SteadyCalls.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten providers of which nine fail in every way, one since nobody listens there, one since nobody
/// accepts, and seven by turns, at a steady rate of requests: callers notice nothing, and each is
/// charged once, what it was told. How long, how many and which, by the system properties
/// `failing.seconds`, `failing.rate` and `failing.seed`.
class FailingProvidersIT {
  private static final int SIMULATORS = 8;
  private static final int LONGEST_WELL_SECONDS = 30;
  private static final long PRICE = 1_000_000;
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Retry PATIENT =
      new Retry(10, Duration.ofMillis(1), Duration.ofMillis(100), 20);

  /// Well and ill by turns; a stream's faults come before its content, since after it there is no
  /// way back.
  private static final List<String> STATES =
      List.of(
          "",
          "gap=1ms",
          "first-byte=2s",
          "status=500",
          "status=502 body='<html>'",
          "status=503 retry-after=1",
          "status=529",
          "status=408",
          "status=429 retry-after=1",
          "status=401",
          "status=402",
          "status=403",
          "outcome=html",
          "outcome=reset at=before-headers",
          "outcome=reset at=after-headers",
          "outcome=stall at=before-headers",
          "outcome=stall at=after-headers",
          "outcome=truncate at=after-headers",
          "outcome=truncate after=1",
          "outcome=error-event after=1",
          "outcome=garbage-event after=1",
          "outcome=half-stream after=1",
          "outcome=stall after=1",
          "outcome=bad-chunk after=1",
          "outcome=huge-headers");

  @TempDir Path folder;
  private final long seed = Long.getLong("failing.seed", System.nanoTime());
  private final int seconds = Integer.getInteger("failing.seconds", 8);
  private final int rate = Integer.getInteger("failing.rate", 40);
  private final List<Simulator> providers = new ArrayList<>();
  private ServerSocket silent;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < SIMULATORS; i++) {
      providers.add(Simulator.start(SimulatorOptions.defaults()));
    }
    silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    gateway = GatewayUnderTest.start(folder, snapshot());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    silent.close();
    for (Simulator provider : providers) {
      provider.close();
    }
  }

  @Test
  void callersNoticeNothing() {
    System.out.printf(
        "failing providers: -Dfailing.seed=%d -Dfailing.seconds=%d -Dfailing.rate=%d%n",
        seed, seconds, rate);
    List<Ended> begin = warmUp();
    SteadyCalls calls = new SteadyCalls(gateway, rate);
    Random random = new Random(seed);
    List<Ended> ill =
        calls.run("smart", seconds * rate, i -> changeOne(random, i % Math.max(1, rate / 4) == 0));
    providers.forEach(Simulator::clearScripts);
    int wellSeconds = Math.min(Math.ceilDiv(seconds, 2), LONGEST_WELL_SECONDS);
    List<Ended> well = calls.run("smart", wellSeconds * rate, _ -> {});

    System.out.printf(
        "failing providers: all well: p99 %.1f ms; failing: p99 %.1f ms; %s%n",
        SteadyCalls.p99Millis(well), SteadyCalls.p99Millis(ill), summary(ill));
    List<Ended> all = Stream.of(begin, ill, well).flatMap(List::stream).toList();
    assertThat(all.stream().filter(each -> !each.isServed())).isEmpty();
    assertThat(ill.stream().filter(each -> each.attempts() > 1)).isNotEmpty();
    assertCharged(all);
  }

  /// With three attempts, breakers that probe twice a second and probes that are silent: whoever is
  /// told of a failure was told after all of its attempts, for one provider is always well; unless
  /// this machine has too much else to do.
  @Test
  void thePlainPolicyGivesUpNobodyWhoHasAttemptsLeft() throws IOException {
    System.out.printf("failing providers, plain policy: -Dfailing.seed=%d%n", seed);
    gateway.configure(plain());
    warmUp();
    Random random = new Random(seed);
    List<Ended> ill =
        new SteadyCalls(gateway, rate)
            .run("smart", seconds * rate, i -> changeOne(random, i % Math.max(1, rate / 4) == 0));

    List<Ended> failed = ill.stream().filter(each -> !each.isServed()).toList();
    System.out.printf(
        "failing providers, plain policy: %d of %d failed; %s%n",
        failed.size(), ill.size(), summary(ill));
    assertThat(failed)
        .allMatch(
            each ->
                each.attempts() == Retry.DEFAULT.attempts()
                    || each.problem().contains(ErrorCode.GATEWAY_OVERLOADED.code()));
    assertThat(ill).anyMatch(Ended::isServed).anyMatch(each -> each.attempts() > 1);
  }

  /// A line for each, and in all as many tokens as callers were told of.
  private void assertCharged(List<Ended> all) {
    List<Line> lines = gateway.lines(all.size());
    assertThat(lines).hasSize(all.size());
    assertThat(lines.stream().filter(line -> !line.outcome().equals("completed"))).isEmpty();
    assertThat(
            lines.stream()
                .filter(line -> line.picoDollars() != PRICE * (line.input() + line.output())))
        .isEmpty();
    assertThat(lines.stream().mapToLong(Line::picoDollars).sum())
        .isEqualTo(PRICE * all.stream().mapToLong(Ended::tokens).sum());
    assertThat(gateway.attempts())
        .hasSize(all.stream().mapToInt(each -> each.attempts() - 1).sum());
  }

  /// A process that has just begun is no measure.
  private List<Ended> warmUp() {
    List<Ended> all = new ArrayList<>();
    for (int slower = 8; slower > 1; slower /= 2) {
      all.addAll(
          new SteadyCalls(gateway, Math.max(1, rate / slower)).run("smart", rate / 2, _ -> {}));
    }
    return all;
  }

  /// All but the last.
  private void changeOne(Random random, boolean now) {
    if (!now) {
      return;
    }
    Simulator provider = providers.get(random.nextInt(SIMULATORS - 1));
    String state = STATES.get(random.nextInt(STATES.size()));
    provider.clearRequests();
    provider.clearScripts();
    if (!state.isEmpty()) {
      provider.script(0, state);
    }
  }

  private static String summary(List<Ended> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Ended::attempts, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(each -> each.getValue() + " requests took " + each.getKey() + " attempts")
        .collect(Collectors.joining(", "));
  }

  private List<URI> places() throws IOException {
    List<URI> at = new ArrayList<>(providers.stream().map(Simulator::baseUrl).toList());
    at.addFirst(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/v1"));
    at.addFirst(URI.create("http://127.0.0.1:" + portOfNobody() + "/v1"));
    return at;
  }

  private GatewaySnapshot snapshot() throws IOException {
    List<URI> at = places();
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    entries.addAll(FailingProviders.at(at, List.of("gpt-4o"), PRICE));
    entries.add(FailingProviders.route("smart", at.size(), "gpt-4o", PATIENT));
    return GatewaySnapshot.of(entries);
  }

  private GatewaySnapshot plain() throws IOException {
    List<URI> at = places();
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    entries.addAll(FailingProviders.at(at, List.of("gpt-4o"), PRICE, SOON));
    entries.add(FailingProviders.plainRoute("smart", at.size(), "gpt-4o"));
    return GatewaySnapshot.of(entries);
  }

  private static int portOfNobody() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return taken.getLocalPort();
    }
  }
}
