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
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A request that is in the ledger is counted, though its first provider fails and the next one,
/// whose own limits it falls under too, is not called: what was held for the first is given back
/// before that is asked.
@ExtendWith(LeakWatch.class)
class CountedAttemptsIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final RateLimit TEN = new RateLimit(10, Duration.ofDays(1));
  private static final RateLimit NONE = new RateLimit(0, Duration.ofDays(1));

  @TempDir Path folder;
  private Simulator first;
  private Simulator second;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    first = Simulator.start(SimulatorOptions.defaults());
    second = Simulator.start(SimulatorOptions.defaults());
    first.script(0, "status=500");
    gateway = GatewayUnderTest.start(folder, snapshot(limited("full", NONE)));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    second.close();
    first.close();
  }

  /// The first wants to be left alone, so it is not asked again.
  @Test
  void whereTheNextRefusesIt() throws IOException {
    first.clearScripts();
    first.script(0, "status=429 retry-after=30");

    assertThat(post().statusCode()).isEqualTo(429);

    assertThat(gateway.lines(1)).extracting(Line::outcome).containsOnly("provider_refused");
    assertThat(gateway.used("requests")).hasValue(1);
  }

  @Test
  void whereTheNextRefusesItAndAThirdAnswers() {
    gateway.configure(snapshot(limited("full", NONE), provider("third")));

    for (String left : List.of("9", "8", "7")) {
      HttpResponse<byte[]> answer = post();
      assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/third");
      assertThat(answer.headers().firstValue("x-ratelimit-remaining")).hasValue(left);
    }
    assertThat(gateway.lines(3)).extracting(Line::outcome).containsOnly("completed");
  }

  /// The next has taken its limits as well when the caller leaves.
  @Test
  void whereTheCallerLeavesTheQueueOfTheNext() throws IOException {
    gateway.configure(
        snapshot(Configurations.withRoom(limited("narrow", new RateLimit(9, TEN.window())), 1, 1)));
    second.script(0, "tokens=400 gap=20ms");
    try (Socket inFront = gateway.open(body())) {
      assertThat(inFront.isConnected()).isTrue();
      await().until(() -> second.requests().size() == 1);
      try (Socket waiting = gateway.open(body())) {
        assertThat(waiting.isConnected()).isTrue();
        await()
            .until(
                () ->
                    gateway.metric(
                            "oneflow_provider_requests_waiting{gen_ai_provider_name=\"ai/narrow\"}")
                        == 1);
      }
      assertThat(gateway.lines(1)).extracting(Line::outcome).containsOnly("caller_gone");
      assertThat(gateway.used("requests")).hasValue(2);
    }

    assertThat(gateway.lines(2)).hasSize(2);
    assertThat(second.requests()).hasSize(1);
    assertThat(gateway.used("requests")).hasValue(2);
  }

  private HttpResponse<byte[]> post() {
    return gateway.post(CHAT, body().getBytes(UTF_8));
  }

  private static String body() {
    return """
        {"model":"smart","max_tokens":500,"messages":[{"role":"user","content":"Hello?"}]}""";
  }

  private ProviderEntry limited(String name, RateLimit requests) {
    return Configurations.withLimit(provider(name), requests);
  }

  private ProviderEntry provider(String name) {
    Simulator at = name.equals("first") ? first : second;
    return Configurations.provider(
        name,
        at.baseUrl(),
        List.of(Configurations.model("gpt-4o", 1_000_000)),
        Duration.ofSeconds(30));
  }

  /// A key that may make ten requests, and these behind the first provider.
  private GatewaySnapshot snapshot(ProviderEntry... next) {
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(TEN), false));
    List<RouteEntry.Target> targets = new ArrayList<>();
    List<ProviderEntry> providers = new ArrayList<>(List.of(provider("first")));
    providers.addAll(List.of(next));
    for (ProviderEntry provider : providers) {
      entries.add(provider);
      targets.add(new RouteEntry.Target("ai", provider.name(), "gpt-4o", 1, targets.size()));
    }
    entries.add(
        new RouteEntry(
            "ai",
            "smart",
            1,
            List.of("smart"),
            targets,
            RouteEntry.Selection.by(Strategy.PRIORITY, Unpriced.REFUSE),
            new Retry(3, Duration.ofMillis(1), Duration.ofSeconds(2), 100),
            false));
    return GatewaySnapshot.of(entries);
  }
}
