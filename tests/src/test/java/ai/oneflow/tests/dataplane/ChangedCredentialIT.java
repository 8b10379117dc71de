package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Attempt;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The credential of a provider is changed while requests pass. The policy allows for one attempt,
/// so that what takes over from a refused credential is none.
@ExtendWith(LeakWatch.class)
class ChangedCredentialIT {
  private static final String OLD = "key-" + "o".repeat(8);
  private static final String NEW = "key-" + "n".repeat(8);
  private static final String OTHER = "key-" + "x".repeat(8);
  private static final Duration SOON = Duration.ofSeconds(1);

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(OLD));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void whatIsUnderWayEndsOnTheOldOneAndWhatComesIsSentWithTheNew() throws IOException {
    try (Socket stream =
        gateway.open(
            body(",\"stream\":true,\"user\":\"sim tokens=60 gap=50ms jitter=0\"", 16_000))) {
      await().until(() -> provider.requests().size() == 1);
      provider.acceptKeys(Set.of(NEW));

      gateway.configure(snapshot(NEW));

      for (int i = 0; i < 5; i++) {
        assertThat(post("").statusCode()).isEqualTo(200);
      }
      assertThat(hashes())
          .containsExactly(hash(OLD), hash(NEW), hash(NEW), hash(NEW), hash(NEW), hash(NEW));
      assertThat(new String(stream.getInputStream().readAllBytes(), UTF_8))
          .contains("200 OK")
          .contains("data: [DONE]");
    }
    assertThat(gateway.lines(6)).extracting(Line::outcome).containsOnly("completed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void theOldOneServesOnWhereTheNewOneIsRefused(String more) {
    provider.acceptKeys(Set.of(OLD));
    gateway.configure(snapshot(NEW));

    for (int i = 0; i < 6; i++) {
      assertThat(post(more).statusCode()).isEqualTo(200);
    }

    assertThat(hashes().getFirst()).isEqualTo(hash(NEW));
    assertThat(hashes().subList(1, 7)).as("found out once").containsOnly(hash(OLD));
    assertThat(gateway.lines(6)).extracting(Line::outcome).containsOnly("completed");
    assertThat(gateway.attempts()).singleElement().extracting(Attempt::ordinal).isEqualTo(1);
    assertThat(shown("refused")).isEqualTo(1);
  }

  @Test
  void theOldOneIsForgottenOnceTheNewOneIsTaken() {
    provider.acceptKeys(Set.of(OLD));
    gateway.configure(
        Configurations.changed(
            provider.baseUrl(),
            List.of("gpt-4o"),
            entry -> Configurations.triedAgainAfter(with(NEW).apply(entry), SOON),
            route -> route));
    assertThat(post("").statusCode()).isEqualTo(200);
    provider.acceptKeys(Set.of(OLD, NEW));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              assertThat(post("").statusCode()).isEqualTo(200);
              return hashes().getLast().equals(hash(NEW));
            });
    provider.acceptKeys(Set.of(OLD));
    provider.clearRequests();

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(new String(answer.body(), UTF_8))
        .contains("provider_authentication_failed")
        .doesNotContain(OLD, NEW);
    assertThat(hashes()).containsOnly(hash(NEW));
  }

  @Test
  void aTypingErrorThatIsMendedByAnotherOneKeepsTheOldOneServing() {
    provider.acceptKeys(Set.of(OLD));
    gateway.configure(snapshot(NEW));
    assertThat(post("").statusCode()).isEqualTo(200);
    gateway.configure(snapshot(OTHER));
    assertThat(post("").statusCode()).isEqualTo(200);
    provider.acceptKeys(Set.of(NEW));

    gateway.configure(snapshot(NEW));

    assertThat(post("").statusCode()).isEqualTo(200);
    assertThat(hashes().getLast()).isEqualTo(hash(NEW));
  }

  @Test
  void oneOfAPoolIsChangedAndTheOthersGoOn() {
    gateway.configure(snapshot(OLD, OTHER));
    provider.acceptKeys(Set.of(OLD, OTHER));
    gateway.configure(snapshot(NEW, OTHER));
    provider.clearRequests();

    for (int i = 0; i < 9; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(hashes()).contains(hash(OLD), hash(OTHER)).containsOnlyOnce(hash(NEW));
    assertThat(shown("usable")).isEqualTo(1);
    assertThat(shown("refused")).isEqualTo(1);
  }

  @Test
  void aCredentialThatIsTakenAwayIsNotUsedAnyMore() {
    gateway.configure(snapshot(OLD, OTHER));
    provider.acceptKeys(Set.of(OLD));

    gateway.configure(snapshot(OTHER));

    assertThat(post("").statusCode()).isEqualTo(502);
    assertThat(hashes()).containsOnly(hash(OTHER));
  }

  @Test
  void ofAProviderThatWasAwayNothingIsKept() {
    provider.acceptKeys(Set.of(OLD));
    gateway.configure(
        GatewaySnapshot.of(
            List.of(Configurations.gateway(), Configurations.key(List.of(), false))));
    assertThat(post("").statusCode()).isEqualTo(404);

    gateway.configure(snapshot(NEW));

    assertThat(post("").statusCode()).isEqualTo(502);
    gateway.configure(snapshot(OLD));
    assertThat(post("").statusCode()).isEqualTo(200);
    assertThat(hashes()).containsExactly(hash(NEW), hash(OLD));
  }

  @Test
  void theOldOneIsNotSentToAnotherPlace() {
    try (Simulator elsewhere = Simulator.start(SimulatorOptions.defaults())) {
      elsewhere.acceptKeys(Set.of(OLD));

      gateway.configure(
          Configurations.changed(
              elsewhere.baseUrl(), List.of("gpt-4o"), with(NEW), route -> route));

      assertThat(post("").statusCode()).isEqualTo(502);
      assertThat(elsewhere.requests()).extracting(ReceivedRequest::keyHash).containsOnly(hash(NEW));
    }
  }

  private List<String> hashes() {
    return provider.requests().stream().map(ReceivedRequest::keyHash).toList();
  }

  private static String hash(String key) {
    return ReceivedRequest.keyHashOf(key);
  }

  private double shown(String state) {
    return gateway.metric(
        "oneflow_credentials{gen_ai_provider_name=\"ai/stand-in\",gen_ai_response_model=\"gpt-4o\",state=\""
            + state
            + "\"}");
  }

  private HttpResponse<byte[]> post(String more) {
    return gateway.post("/v1/chat/completions", body(more, 100).getBytes(UTF_8));
  }

  private static String body(String more, int tokens) {
    return "{\"model\":\"gpt-4o\",\"max_tokens\":"
        + tokens
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there, how are you?\"}]"
        + more
        + "}";
  }

  private GatewaySnapshot snapshot(String... keys) {
    return Configurations.changed(
        provider.baseUrl(), List.of("gpt-4o"), with(keys), route -> route);
  }

  private static UnaryOperator<ProviderEntry> with(String... keys) {
    return entry -> Configurations.withKeys(entry, keys);
  }
}
