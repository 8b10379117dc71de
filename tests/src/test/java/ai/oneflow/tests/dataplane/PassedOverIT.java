package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Selection;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A policy without fallbacks and with two targets, of which the first cannot be called at the
/// moment: everybody is answered by the second.
@ExtendWith(LeakWatch.class)
class PassedOverIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration OPEN_FOR = Duration.ofMillis(200);
  private static final String SILENT = "outcome=stall at=before-headers";

  @TempDir Path folder;
  private Simulator first;
  private Simulator second;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    first = Simulator.start(SimulatorOptions.defaults());
    second = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(UnaryOperator.identity()));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    second.close();
    first.close();
  }

  @Test
  void whileTheFirstIsBeingProbedInVain() throws IOException {
    first.script(0, "status=500");
    for (int i = 0; i < 5; i++) {
      assertThat(post().statusCode()).isEqualTo(502);
    }
    first.clearScripts();
    first.script(0, SILENT);
    first.clearRequests();
    await().pollDelay(OPEN_FOR.multipliedBy(2)).until(() -> true);
    try (Socket probe = gateway.open(body())) {
      assertThat(probe.isConnected()).isTrue();
      await().until(() -> first.requests().size() == 1);

      assertAnsweredBySecond();
    }
  }

  @Test
  void whileTheFirstHasNoRoom() throws IOException {
    gateway.configure(snapshot(entry -> Configurations.withRoom(entry, 1, 0)));
    first.script(0, SILENT);
    try (Socket taken = gateway.open(body())) {
      assertThat(taken.isConnected()).isTrue();
      await().until(() -> first.requests().size() == 1);

      assertAnsweredBySecond();
    }
  }

  @Test
  void whileTheLimitOfTheFirstIsUsedUp() {
    gateway.configure(
        snapshot(entry -> Configurations.withLimit(entry, new RateLimit(1, Duration.ofHours(1)))));
    assertThat(post().headers().firstValue("oneflow-provider")).hasValue("ai/first");

    assertAnsweredBySecond();
  }

  private void assertAnsweredBySecond() {
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> answer = post();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/second");
      assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("1");
    }
  }

  private HttpResponse<byte[]> post() {
    return gateway.post(CHAT, body().getBytes(UTF_8));
  }

  private static String body() {
    return "{\"model\":\"smart\",\"max_tokens\":100,\"messages\":"
        + "[{\"role\":\"user\",\"content\":\"Hello there, how are you?\"}]}";
  }

  private GatewaySnapshot snapshot(UnaryOperator<ProviderEntry> firstChanged) {
    Selection plain = Selection.by(Strategy.PRIORITY, Unpriced.REFUSE);
    Selection alone =
        new Selection(
            plain.strategy(),
            plain.weights(),
            plain.require(),
            0,
            plain.sticky(),
            plain.overridable(),
            plain.unpriced());
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    entries.add(firstChanged.apply(provider("first", first)));
    entries.add(provider("second", second));
    entries.add(
        new RouteEntry(
            "ai",
            "smart",
            1,
            List.of("smart"),
            List.of(
                new RouteEntry.Target("ai", "first", "gpt-4o", 1, 0),
                new RouteEntry.Target("ai", "second", "gpt-4o", 1, 1)),
            alone,
            Configurations.ONCE,
            false));
    return GatewaySnapshot.of(entries);
  }

  private static ProviderEntry provider(String name, Simulator at) {
    return Configurations.triedAgainAfter(
        Configurations.withBreaker(
            Configurations.provider(
                name,
                at.baseUrl(),
                List.of(Configurations.model("gpt-4o", 1_000)),
                Duration.ofSeconds(20))),
        OPEN_FOR);
  }
}
