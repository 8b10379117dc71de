package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.FleetListener;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.push.Pem;
import ai.oneflow.operator.push.PushServer;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.push.TokenReview;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.QuotaEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator's push server and the gateway's push client over TLS on loopback.
class PushIT {
  private static final GatewayId MAIN = new GatewayId("ai", "main");

  @TempDir Path folder;

  private final PushTls tls = PushTls.create(List.of("127.0.0.1"), Instant.now());
  private final Reviewer reviewer = new Reviewer();
  private final Heard heard = new Heard();
  private final List<LightGateway> gateways = new ArrayList<>();
  private Fleet fleet = new Fleet(Clock.systemUTC(), heard);
  private PushServer server = start(0);

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(caFile(), Pem.ofCertificate(tls.authority().certificate()));
    Files.writeString(tokenFile(), "good\n");
    reviewer.tokens.put("good", "ai/main-gateway");
  }

  @AfterEach
  void close() {
    gateways.forEach(LightGateway::close);
    server.close();
  }

  @Test
  void everyGatewayRunsWhatIsPublished() {
    LightGateway one = gateway("main-0");
    LightGateway other = gateway("main-1");

    fleet.publish(MAIN, snapshot(1));
    awaitRuns(one, snapshot(1));
    fleet.publish(MAIN, snapshot(1, 2));

    awaitRuns(one, snapshot(1, 2));
    awaitRuns(other, snapshot(1, 2));
    await()
        .untilAsserted(
            () ->
                assertThat(fleet.instances(MAIN))
                    .extracting(Instance::runs)
                    .containsExactly(Optional.of(snapshot(1, 2)), Optional.of(snapshot(1, 2))));
  }

  @Test
  void whatAGatewayRefusesIsToldInItsWordsAndItKeepsWhatItHad() {
    LightGateway gateway = gateway("main-0");
    fleet.publish(MAIN, snapshot(1));
    awaitRuns(gateway, snapshot(1));
    gateway.refuse("no room for q2", e -> e.name().equals("q2"));

    fleet.publish(MAIN, snapshot(1, 2));

    await().until(() -> !heard.rejections.isEmpty());
    assertThat(heard.rejections.getFirst().refusals().getFirst().reason())
        .isEqualTo("no room for q2");
    assertThat(heard.rejections.getFirst().kept()).contains(snapshot(1));
    assertThat(gateway.runs()).contains(snapshot(1));
    fleet.publish(MAIN, snapshot(1, 3));
    awaitRuns(gateway, snapshot(1, 3));
  }

  @Test
  void whatComesWhileAGatewayCompilesCoalesces() {
    LightGateway gateway = gateway("main-0");
    gateway.hold();
    fleet.publish(MAIN, snapshot(1));
    for (int i = 2; i <= 40; i++) {
      fleet.publish(MAIN, snapshot(i));
    }
    gateway.release();

    awaitRuns(gateway, snapshot(40));
    assertThat(gateway.accepted()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aGatewayOutlivesTheOperatorAndIsSentOnlyWhatChanged() {
    LightGateway gateway = gateway("main-0");
    fleet.publish(MAIN, snapshot(1));
    awaitRuns(gateway, snapshot(1));
    int port = server.port();
    server.close();

    assertThat(gateway.runs()).contains(snapshot(1));
    fleet = new Fleet(Clock.systemUTC(), heard);
    fleet.publish(MAIN, snapshot(1));
    server = start(port);

    await().untilAsserted(() -> assertThat(runsOf("main-0")).isEqualTo(Optional.of(snapshot(1))));
    assertThat(gateway.accepted()).hasSize(1);
    fleet.publish(MAIN, snapshot(2));
    awaitRuns(gateway, snapshot(2));
  }

  @Test
  void aTokenThatIsNotGoodGetsNothing() throws IOException {
    Files.writeString(tokenFile(), "forged");
    LightGateway gateway = gateway("main-0");
    fleet.publish(MAIN, snapshot(1));

    await().until(() -> reviewer.asked.contains("forged"));
    assertThat(fleet.instances(MAIN)).isEmpty();
    Files.writeString(tokenFile(), "good");
    awaitRuns(gateway, snapshot(1));
    assertThat(gateway.accepted()).hasSize(1);
  }

  @Test
  void aTokenOfAnotherGatewayGetsNothing() throws IOException {
    reviewer.tokens.put("other", "ai/other-gateway");
    reviewer.tokens.put("stranger", "ai/default");
    Files.writeString(tokenFile(), "other");
    LightGateway gateway = gateway("main-0");
    fleet.publish(MAIN, snapshot(1));

    await().until(() -> reviewer.timesAsked("other") > 1);
    Files.writeString(tokenFile(), "stranger");
    await().until(() -> reviewer.timesAsked("stranger") > 1);

    assertThat(gateway.runs()).isEmpty();
    assertThat(fleet.instances(new GatewayId("ai", "other"))).isEmpty();
  }

  @Test
  void anOperatorOfAnotherAuthorityIsNotBelieved() throws IOException {
    PushTls strange = PushTls.create(List.of("127.0.0.1"), Instant.now());
    Files.writeString(caFile(), Pem.ofCertificate(strange.authority().certificate()));
    LightGateway gateway = gateway("main-0");
    fleet.publish(MAIN, snapshot(1));

    // Long enough for several attempts: each would ask for a review if the handshake let it.
    await().during(Duration.ofSeconds(1)).until(() -> reviewer.asked.isEmpty());
    assertThat(gateway.runs()).isEmpty();
    Files.writeString(caFile(), Pem.ofCertificate(tls.authority().certificate()));
    awaitRuns(gateway, snapshot(1));
  }

  @Test
  void twentyGatewaysRunAChangeAmongTenThousandResources() {
    List<Entry> many = new ArrayList<>();
    many.add(new GatewayEntry("ai", "main", 1, 1, List.of(), Optional.empty(), Optional.empty()));
    for (int i = 0; i < 10_000; i++) {
      many.add(quota(i));
    }
    for (int i = 0; i < 20; i++) {
      gateway("main-" + i);
    }
    GatewaySnapshot before = GatewaySnapshot.of(many);
    long began = System.nanoTime();
    fleet.publish(MAIN, before);
    await().until(() -> allRun(before));
    long whole = System.nanoTime();
    many.set(
        1,
        new QuotaEntry(
            "ai",
            "q0",
            2,
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            QuotaEntry.OnUnavailable.LOCAL_SHARE,
            false));
    GatewaySnapshot after = GatewaySnapshot.of(many);
    long changed = System.nanoTime();
    fleet.publish(MAIN, after);
    await().until(() -> allRun(after));
    System.out.printf(
        "10,000 entries to 20 gateways: whole %d ms, one change %d ms%n",
        (whole - began) / 1_000_000, (System.nanoTime() - changed) / 1_000_000);
    assertThat(gateways).allSatisfy(g -> assertThat(g.runs()).contains(after));
  }

  private boolean allRun(GatewaySnapshot snapshot) {
    List<Instance> instances = fleet.instances(MAIN);
    return instances.size() == gateways.size()
        && instances.stream().allMatch(i -> i.runs().equals(Optional.of(snapshot)));
  }

  private Optional<GatewaySnapshot> runsOf(String instance) {
    return fleet.instances(MAIN).stream()
        .filter(i -> i.name().equals(instance))
        .findFirst()
        .flatMap(Instance::runs);
  }

  private static void awaitRuns(LightGateway gateway, GatewaySnapshot snapshot) {
    await().untilAsserted(() -> assertThat(gateway.runs()).contains(snapshot));
  }

  private PushServer start(int port) {
    try {
      return PushServer.start(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls, reviewer, fleet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LightGateway gateway(String instance) {
    LightGateway gateway =
        new LightGateway(
            new OperatorAddress("127.0.0.1", server.port(), caFile(), tokenFile()),
            new Self("ai", "main", instance));
    gateways.add(gateway);
    return gateway.start();
  }

  private Path caFile() {
    return folder.resolve("ca.crt");
  }

  private Path tokenFile() {
    return folder.resolve("token");
  }

  private static GatewaySnapshot snapshot(int... quotas) {
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new GatewayEntry("ai", "main", 1, 1, List.of(), Optional.empty(), Optional.empty()));
    for (int quota : quotas) {
      entries.add(quota(quota));
    }
    return GatewaySnapshot.of(entries);
  }

  private static QuotaEntry quota(int number) {
    return new QuotaEntry(
        "ai",
        "q" + number,
        1,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        false);
  }

  /// An API server's token review, as far as it goes here.
  private static final class Reviewer implements TokenReview {
    final Map<String, String> tokens = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();

    long timesAsked(String token) {
      return asked.stream().filter(token::equals).count();
    }

    @Override
    public Verdict review(String token) {
      asked.add(token);
      String account = tokens.get(token);
      if (account == null) {
        return new Verdict.Refused("the API server does not accept the token");
      }
      int slash = account.indexOf('/');
      return new Verdict.Authentic(account.substring(0, slash), account.substring(slash + 1));
    }
  }

  private static final class Heard implements FleetListener {
    final List<Rejection> rejections = new CopyOnWriteArrayList<>();

    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {
      rejections.add(rejection);
    }
  }
}
