package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.api.v1alpha1.ApiKeyStatus.Spend;
import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.PushClient;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.FleetListener;
import ai.oneflow.operator.push.Pem;
import ai.oneflow.operator.push.PushServer;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.push.TokenReview;
import ai.oneflow.operator.status.Spends;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.Spending;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What the operator shows that a key has spent at two gateways that count together, next to their
/// ledgers.
@ExtendWith(LeakWatch.class)
class SpendStatusIT {
  private static final String MODEL = "gpt-4o";
  private static final GatewayId MAIN = new GatewayId("ai", "main");
  private static final EntryKey KEY = new EntryKey(Kind.API_KEY, "ai", "caller");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PICO_DIGITS = 10;
  private static final int SHOWN_DIGITS = 6;

  @TempDir Path folder;
  private final Spends spends = new Spends(Duration.ZERO, () -> {});
  private final Fleet fleet = new Fleet(Clock.systemUTC(), new Hearing());
  private final List<PushClient> clients = new ArrayList<>();
  private final PushTls tls = PushTls.create(List.of("127.0.0.1"), Instant.now());
  private Simulator provider;
  private RedisServer redis;
  private PushServer operator;
  private GatewayUnderTest one;
  private GatewayUnderTest two;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
    provider = Simulator.start(SimulatorOptions.defaults());
    operator =
        PushServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            _ -> new TokenReview.Verdict.Authentic("ai", "main-gateway"),
            fleet);
    fleet.publish(MAIN, snapshot());
    Files.writeString(folder.resolve("ca.crt"), Pem.ofCertificate(tls.authority().certificate()));
    Files.writeString(folder.resolve("token"), "token");
    one = gateway("main-0");
    two = gateway("main-1");
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      clients.forEach(PushClient::close);
      one.close();
      two.close();
      operator.close();
      spends.close();
      provider.close();
      redis.close();
    }
  }

  @Test
  void showsWhatTheLedgersHaveAndNothingThatIsHeld() throws IOException {
    ask(one);
    List<Socket> streams = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      streams.add(stream(i % 2 == 0 ? one : two));
    }
    await().atMost(PATIENCE).until(() -> shown().isPresent());
    assertThat(shown()).as("while much more is held").isEqualTo(charged(1, 0));

    for (Socket stream : streams) {
      stream.getInputStream().readAllBytes();
      stream.close();
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(shown()).isEqualTo(charged(4, 3)).isNotEmpty());
  }

  private Optional<BigDecimal> shown() {
    return spends.of(KEY, List.of(MAIN)).map(Spend::credits).map(BigDecimal::stripTrailingZeros);
  }

  /// As a status says it.
  private Optional<BigDecimal> charged(int atOne, int atTwo) {
    long sum =
        one.lines(atOne).stream().mapToLong(GatewayUnderTest.Line::picoDollars).sum()
            + two.lines(atTwo).stream().mapToLong(GatewayUnderTest.Line::picoDollars).sum();
    return Optional.of(
        BigDecimal.valueOf(sum, PICO_DIGITS)
            .setScale(SHOWN_DIGITS, RoundingMode.HALF_UP)
            .stripTrailingZeros());
  }

  private static void ask(GatewayUnderTest gateway) {
    byte[] body = body("sim tokens=40", false).getBytes(UTF_8);
    assertThat(gateway.post("/v1/chat/completions", body).statusCode()).isEqualTo(200);
  }

  /// For longer than gateways take to say what was spent.
  private static Socket stream(GatewayUnderTest gateway) throws IOException {
    return gateway.open(body("sim tokens=90 gap=100ms jitter=0", true));
  }

  private static String body(String script, boolean stream) {
    return """
        {"model":"%s","messages":[{"role":"user","content":"hi"}],"max_tokens":16000,"user":"%s","stream":%s}"""
        .formatted(MODEL, script, stream);
  }

  private GatewayUnderTest gateway(String name) throws IOException {
    GatewayUnderTest gateway = GatewayUnderTest.start(folder.resolve(name), name, snapshot());
    PushClient client =
        new PushClient(
            new OperatorAddress(
                "127.0.0.1", operator.port(), folder.resolve("ca.crt"), folder.resolve("token")),
            new Self("ai", "main", name),
            gateway.gateway().sink(),
            gateway.gateway().reports());
    clients.add(client);
    client.start();
    await().until(() -> client.running().isPresent());
    return gateway;
  }

  private GatewaySnapshot snapshot() {
    RedisEntry counters =
        new RedisEntry(
            redis.url().toString(), Optional.empty(), false, RedisEntry.Admission.SHARES);
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.replaceAll(
        entry ->
            entry instanceof GatewayEntry asWritten
                ? Configurations.with(asWritten, counters)
                : entry);
    return GatewaySnapshot.of(entries);
  }

  private final class Hearing implements FleetListener {
    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {}

    @Override
    public void spent(GatewayId gateway, Spending spending) {
      spends.spent(gateway, spending);
    }
  }
}
