package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Attempt;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider that is called with three keys in turn, some of which it does not take. The policy
/// allows for one attempt, so that what replaces a key is none.
@ExtendWith(LeakWatch.class)
class CredentialPoolIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String A = "key-" + "a".repeat(8);
  private static final String B = "key-" + "b".repeat(8);
  private static final String C = "key-" + "c".repeat(8);

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(A, B, C));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void allKeysAreUsedAlike() {
    for (int i = 0; i < 9; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(callsByKey().values()).containsExactly(3L, 3L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void anotherTakesOverFromADeadOneAtOnce(String more) {
    provider.acceptKeys(Set.of(B, C));

    for (int i = 0; i < 9; i++) {
      assertThat(post(more).statusCode()).isEqualTo(200);
    }

    assertThat(provider.requests()).hasSize(10);
    assertThat(gateway.lines(9)).extracting(Line::outcome).containsOnly("completed");
    assertThat(gateway.attempts())
        .singleElement()
        .extracting(Attempt::provider, Attempt::probablePicoDollars)
        .containsExactly("stand-in", 0L);
    assertThat(shown("usable")).isEqualTo(2);
    assertThat(shown("refused")).isEqualTo(1);
  }

  @Test
  void aSingleGoodKeyServesEveryRequest() {
    provider.acceptKeys(Set.of(C));

    for (int i = 0; i < 6; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(provider.requests()).as("each dead one is found once").hasSize(8);
  }

  @Test
  void anAccountThatIsDeadAsAWholeIsSaidToBe() throws IOException {
    provider.acceptKeys(Set.of("another"));

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(JSON.readTree(answer.body()).at("/error/code").asText())
        .isEqualTo("provider_authentication_failed");
    assertThat(new String(answer.body(), UTF_8)).doesNotContain(A, B, C);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void anotherTakesOverFromOneWhoseLimitIsUsedUp() {
    provider.script(1, "status=429 retry-after=30");

    for (int i = 0; i < 7; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(callsByKey().values()).containsExactlyInAnyOrder(1L, 4L, 3L);
    assertThat(shown("paused")).isEqualTo(1);
    assertThat(gateway.lines(7)).extracting(Line::outcome).containsOnly("completed");
    assertThat(gateway.attempts())
        .singleElement()
        .extracting(Attempt::outcome)
        .isEqualTo("provider_refused");
  }

  @Test
  void theProviderIsLeftAloneWhereTheLimitsOfAllAreUsedUp() {
    provider.script(3, "status=429 retry-after=30");

    HttpResponse<byte[]> first = post("");
    HttpResponse<byte[]> second = post("");

    assertThat(first.statusCode()).isEqualTo(429);
    assertThat(first.headers().firstValue("oneflow-attempts")).hasValue("3");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(Long.parseLong(second.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(25L, 30L);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void whatIsKnownOfAKeyOutlivesARotationOfAnother() {
    provider.acceptKeys(Set.of(B, C));
    for (int i = 0; i < 3; i++) {
      post("");
    }
    int before = provider.requests().size();

    gateway.configure(snapshot(A, B));
    for (int i = 0; i < 4; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(provider.requests()).hasSize(before + 4);
  }

  private Map<String, Long> callsByKey() {
    return provider.requests().stream()
        .map(ReceivedRequest::keyHash)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private double shown(String state) {
    return gateway.metric(
        "oneflow_credentials{gen_ai_provider_name=\"ai/stand-in\",gen_ai_response_model=\"gpt-4o\",state=\""
            + state
            + "\"}");
  }

  private HttpResponse<byte[]> post(String more) {
    String body =
        "{\"model\":\"gpt-4o\",\"max_tokens\":100,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"Hello there, how are you?\"}]"
            + more
            + "}";
    return gateway.post("/v1/chat/completions", body.getBytes(UTF_8));
  }

  private GatewaySnapshot snapshot(String... keys) {
    return Configurations.changed(
        provider.baseUrl(),
        List.of("gpt-4o"),
        entry -> Configurations.withKeys(entry, keys),
        route -> route);
  }
}
