package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider's secret goes from the operator to a gateway and on to the provider, a key comes from
/// a caller, and neither is seen anywhere on the way, even by who turns all logs on.
class SecrecyIT {
  private static final String MODEL = "gpt-4o";
  private static final String SECRET = "hidden-" + "s".repeat(40);
  private static final String TOKEN = "token-" + "t".repeat(40);

  @TempDir Path folder;
  private final List<String> answers = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"gateway-logback.xml", "operator-logback.xml"})
  void neitherLogNorMetricNorAnswerShowsASecret(String configuration) throws Exception {
    try (CapturedLog log = new CapturedLog(configuration)) {
      serve();

      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("ai.oneflow."))
          .noneMatch(line -> line.startsWith("io.grpc.netty.Netty"));
      assertShowsNone(log.lines());
      assertShowsNone(answers);
    }
  }

  @Test
  void noEntryShowsASecretWhenItIsPrinted() {
    GatewaySnapshot snapshot = snapshot(URI.create("http://127.0.0.1:1/v1"));

    assertShowsNone(List.of(snapshot.toString(), snapshot.entries().values().toString()));
  }

  /// A good call, a stream, a call with another key, and one whose secret the provider refuses.
  private void serve() throws Exception {
    PushTls tls = PushTls.create(List.of("127.0.0.1"), Instant.now());
    Fleet fleet = new Fleet(Clock.systemUTC(), new Nobody());
    TokenReview review = _ -> new TokenReview.Verdict.Authentic("ai", "main-gateway");
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        GatewayUnderTest gateway = GatewayUnderTest.start(folder, nothing(provider.baseUrl()));
        PushServer server = PushServer.start(free, tls, review, fleet);
        PushClient client =
            new PushClient(operator(server.port(), tls), self(), gateway.gateway().sink())) {
      GatewaySnapshot snapshot = snapshot(provider.baseUrl());
      provider.acceptKeys(Set.of(SECRET));
      fleet.publish(new GatewayId("ai", "main"), snapshot);
      client.start();
      await().until(() -> client.running().equals(Optional.of(snapshot.version())));

      assertThat(call(gateway, Configurations.KEY, "")).isEqualTo(200);
      assertThat(call(gateway, Configurations.KEY, ",\"stream\":true")).isEqualTo(200);
      assertThat(call(gateway, Configurations.KEY + "x", "")).isEqualTo(401);
      provider.acceptKeys(Set.of("another"));
      assertThat(call(gateway, Configurations.KEY, "")).isEqualTo(502);
      answers.add(metrics(gateway));
    }
  }

  private int call(GatewayUnderTest gateway, String key, String more) {
    String body =
        """
        {"model":"%s","messages":[{"role":"user","content":"Is it you?"}]%s}
        """
            .formatted(MODEL, more);
    HttpResponse<byte[]> answer =
        gateway.send(
            gateway
                .request("/v1/chat/completions", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    answers.add(answer.headers().map() + new String(answer.body(), UTF_8));
    return answer.statusCode();
  }

  private static String metrics(GatewayUnderTest gateway) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + gateway.gateway().managementPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
    }
  }

  /// As text, and as dumps of bytes and headers would have it.
  private static void assertShowsNone(List<String> texts) {
    for (String secret : List.of(SECRET, TOKEN, Configurations.KEY)) {
      String core = secret.substring(8, 38);
      String hex = HexFormat.of().formatHex(core.getBytes(UTF_8));
      String base64 = Base64.getEncoder().encodeToString(core.getBytes(UTF_8));
      assertThat(texts)
          .noneMatch(text -> text.contains(core) || text.contains(hex) || text.contains(base64));
    }
  }

  private static GatewaySnapshot nothing(URI endpoint) {
    return Configurations.of(endpoint, List.of());
  }

  private static GatewaySnapshot snapshot(URI endpoint) {
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(endpoint, List.of(MODEL), List.of()));
    entries.replaceAll(entry -> entry instanceof ProviderEntry it ? withSecret(it) : entry);
    return GatewaySnapshot.of(entries);
  }

  private static ProviderEntry withSecret(ProviderEntry it) {
    return new ProviderEntry(
        it.namespace(),
        it.name(),
        it.generation(),
        it.dialect(),
        it.endpoint(),
        List.of(new Credential.ApiKey(new Secret(SECRET))),
        it.region(),
        it.models(),
        it.timeouts(),
        it.breaker(),
        it.maxConcurrent(),
        it.queue(),
        it.requests(),
        it.tokens(),
        it.caCertificates(),
        it.insecureSkipVerify());
  }

  private OperatorAddress operator(int port, PushTls tls) throws IOException {
    Path ca = folder.resolve("ca.crt");
    Path token = folder.resolve("token");
    Files.writeString(ca, Pem.ofCertificate(tls.authority().certificate()));
    Files.writeString(token, TOKEN);
    return new OperatorAddress("127.0.0.1", port, ca, token);
  }

  private static Self self() {
    return new Self("ai", "main", "main-0");
  }

  private static final class Nobody implements FleetListener {
    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {}
  }
}
