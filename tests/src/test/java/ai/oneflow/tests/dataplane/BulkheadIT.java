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
import ai.oneflow.tests.dataplane.GatewayUnderTest.Attempt;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Providers with room for few requests, mostly one: who waits, who is sent away, and who never
/// notices. The model `slow` is on the first provider, `quick` on the second, `both` on both.
@ExtendWith(LeakWatch.class)
class BulkheadIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String UNDER_WAY = "oneflow_provider_requests_under_way";
  private static final String WAITING = "oneflow_provider_requests_waiting";
  private static final String SHED = "oneflow_provider_requests_shed_total";

  /// A stream that takes its time, but is never silent for as long as a time-out.
  private static final String SLOW = "gap=100ms jitter=0 tokens=40";

  private static final Retry TWICE = new Retry(2, Duration.ZERO, Duration.ZERO, 0);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  @TempDir Path folder;
  private Simulator first;
  private Simulator second;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    first = Simulator.start(SimulatorOptions.defaults());
    second = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(1, 1));
  }

  @AfterEach
  void stop() throws IOException {
    callers.close();
    gateway.close();
    second.close();
    first.close();
  }

  @Test
  void theOneThatFindsNoRoomWaitsForItsTurn() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");
    Future<HttpResponse<byte[]>> waiting = begin("slow");
    await().until(() -> shown(WAITING, "first") == 1);
    assertThat(first.requests()).hasSize(1);
    assertThat(shown(UNDER_WAY, "first")).isEqualTo(1);

    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(waiting.get().statusCode()).isEqualTo(200);
    assertThat(waiting.get().headers().firstValue("oneflow-attempts")).hasValue("1");
    assertThat(gateway.lines(2)).extracting(Line::outcome).containsOnly("completed");
    assertNobodyIsThere();
  }

  @Test
  void fourAreUnderWayAndTwoWaitAndGoInTheirOrderAsOthersLeave() throws Exception {
    gateway.configure(snapshot(4, 2));
    List<Socket> open = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      open.add(openMarked("r" + i));
      int all = i;
      await().until(() -> shown(UNDER_WAY, "first") + shown(WAITING, "first") == all);
    }
    assertThat(shown(UNDER_WAY, "first")).isEqualTo(4);
    assertShed(post("slow"));
    assertThat(shown(WAITING, "first")).as("it was shed at once").isEqualTo(2);

    open.removeLast().close();
    await().until(() -> shown(WAITING, "first") == 1);
    open.add(openMarked("r7"));
    await().until(() -> shown(WAITING, "first") == 2);
    for (int left = 1; left >= 0; left--) {
      open.removeFirst().close();
      int waiting = left;
      await().until(() -> shown(WAITING, "first") == waiting);
      assertThat(shown(UNDER_WAY, "first")).isEqualTo(4);
    }
    for (Socket caller : open) {
      caller.close();
    }

    assertNobodyIsThere();
    assertThat(first.requests())
        .extracting(request -> request.planned().mark())
        .containsExactly("r1", "r2", "r3", "r4", "r5", "r7");
    assertThat(gateway.lines(6)).extracting(Line::outcome).containsOnly("caller_gone");
  }

  @Test
  void beyondTheQueueRequestsAreShedAndChargedNothing() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");
    Future<HttpResponse<byte[]>> waiting = begin("slow");
    await().until(() -> shown(WAITING, "first") == 1);

    HttpResponse<byte[]> shed = post("slow");

    assertShed(shed);
    assertThat(shown(SHED, "first")).isEqualTo(1);
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(waiting.get().statusCode()).isEqualTo(200);
    assertThat(gateway.lines(2)).hasSize(2);
    assertNobodyIsThere();
  }

  @Test
  void whoWaitsTooLongIsShedAndItsLimitsGivenBack() throws Exception {
    gateway.configure(snapshot(1, 1, new RateLimit(2, Duration.ofHours(1))));
    Future<HttpResponse<byte[]>> slow = occupyFirst(SLOW);

    assertShed(post("slow"));
    assertThat(slow.isDone()).as("it is under way all the time").isFalse();

    assertThat(shown(SHED, "first")).isEqualTo(1);
    assertThat(post("quick").statusCode()).isEqualTo(200);
    assertThat(post("quick").statusCode()).isEqualTo(429);
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertNobodyIsThere();
  }

  @Test
  void aCallerWhoLeavesTheQueueMakesWayForTheNext() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");
    try (Socket caller = gateway.open(chat("slow", ""))) {
      assertThat(caller.isConnected()).isTrue();
      await().until(() -> shown(WAITING, "first") == 1);
    }
    await().until(() -> shown(WAITING, "first") == 0);

    Future<HttpResponse<byte[]>> next = begin("slow");

    assertThat(next.get().statusCode()).isEqualTo(200);
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(first.requests()).hasSize(2);
    assertThat(gateway.lines(2)).hasSize(2);
    assertNobodyIsThere();
  }

  @Test
  void anotherProviderIsPreferredToWaiting() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");

    HttpResponse<byte[]> answer = post("both");

    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/second");
    assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("1");
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(shown(SHED, "first")).isZero();
    assertNobodyIsThere();
  }

  @Test
  void anAttemptThatFailedIsFollowedByOneThatHasWaitedForItsTurn() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");
    script(second, "status=500");

    HttpResponse<byte[]> answer = post("both-in-turn");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/first");
    assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("2");
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(gateway.lines(2)).extracting(Line::outcome).containsOnly("completed");
    assertThat(gateway.attempts()).extracting(Attempt::provider).containsExactly("second");
    assertNobodyIsThere();
  }

  @Test
  void aCallerWhoLeavesTheQueueBehindAFailedAttemptEndsItsEventAndGivesItsLimitsBack()
      throws Exception {
    gateway.configure(snapshot(1, 1, new RateLimit(3, Duration.ofHours(1))));
    Future<HttpResponse<byte[]>> slow = occupyFirst("gap=20ms jitter=0 tokens=40");
    script(second, "status=500");
    try (Socket caller = gateway.open(chat("both-in-turn", ""))) {
      assertThat(caller.isConnected()).isTrue();
      await().until(() -> shown(WAITING, "first") == 1);
    }

    assertThat(gateway.lines(1)).extracting(Line::outcome).containsExactly("caller_gone");
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertNobodyIsThere();
    assertThat(post("slow").headers().firstValue("x-ratelimit-remaining")).hasValue("0");
  }

  @Test
  void aSlowProviderSlowsNoOther() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst(SLOW);
    Future<HttpResponse<byte[]>> waiting = begin("slow");
    await().until(() -> shown(WAITING, "first") == 1);

    for (int i = 0; i < 50; i++) {
      assertThat(post("quick").statusCode()).isEqualTo(200);
    }

    assertThat(slow.isDone()).isFalse();
    assertThat(shown(SHED, "second")).isZero();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(waiting.get().statusCode()).isEqualTo(503);
  }

  @Test
  void moreRoomIsGivenToThoseWhoWait() throws Exception {
    Future<HttpResponse<byte[]>> slow = occupyFirst(SLOW);
    Future<HttpResponse<byte[]>> waiting = begin("slow");
    await().until(() -> shown(WAITING, "first") == 1);

    first.clearScripts();
    gateway.configure(snapshot(2, 1));

    assertThat(waiting.get().statusCode()).isEqualTo(200);
    assertThat(slow.isDone()).isFalse();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertNobodyIsThere();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "status=400",
        "status=429 retry-after=0",
        "status=500",
        "outcome=html",
        "outcome=truncate",
        "outcome=reset at=before-headers",
        "outcome=stall at=before-headers",
        "outcome=error-event after=3",
        "outcome=half-stream",
        "outcome=garbage-event after=9",
      })
  void theRoomIsGivenBackHoweverACallEnds(String script) {
    script(first, script);

    callers.submit(() -> post("slow"));
    gateway.lines(1);
    callers.submit(() -> gateway.post(CHAT, body("slow", ",\"stream\":true")));
    gateway.lines(2);

    assertNobodyIsThere();
    first.clearScripts();
    assertThat(post("slow").statusCode()).isEqualTo(200);
  }

  @Test
  void theRoomIsGivenBackByACallerWhoLeaves() throws IOException {
    script(first, "outcome=stall at=before-headers");
    try (Socket caller = gateway.open(chat("slow", ""))) {
      assertThat(caller.isConnected()).isTrue();
      await().until(() -> shown(UNDER_WAY, "first") == 1);
    }

    assertNobodyIsThere();
    first.clearScripts();
    assertThat(post("slow").statusCode()).isEqualTo(200);
  }

  private Future<HttpResponse<byte[]>> occupyFirst(String script) {
    script(first, script);
    Future<HttpResponse<byte[]>> slow =
        callers.submit(() -> gateway.post(CHAT, body("slow", ",\"stream\":true")));
    await().until(() -> first.requests().size() == 1);
    return slow;
  }

  private Future<HttpResponse<byte[]>> begin(String model) {
    return callers.submit(() -> post(model));
  }

  /// A stream of ten seconds, which its provider notes under this name.
  private Socket openMarked(String mark) throws IOException {
    String user = "sim gap=100ms jitter=0 tokens=100 mark=" + mark;
    return gateway.open(chat("slow", ",\"stream\":true,\"user\":\"" + user + "\""));
  }

  private void assertShed(HttpResponse<byte[]> answer) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    assertThat(JSON.readTree(answer.body()).at("/error/code").asText())
        .isEqualTo("provider_overloaded");
  }

  private void assertNobodyIsThere() {
    for (String provider : List.of("first", "second")) {
      await().until(() -> shown(UNDER_WAY, provider) + shown(WAITING, provider) == 0);
    }
  }

  private HttpResponse<byte[]> post(String model) {
    return gateway.post(CHAT, body(model, ""));
  }

  private static byte[] body(String model, String more) {
    return chat(model, more).getBytes(UTF_8);
  }

  private static String chat(String model, String more) {
    return "{\"model\":\""
        + model
        + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}]"
        + more
        + "}";
  }

  /// What the metrics say of a provider.
  private int shown(String metric, String provider) {
    return (int) gateway.metric(metric + "{gen_ai_provider_name=\"ai/" + provider + "\"}");
  }

  private GatewaySnapshot snapshot(int maxConcurrent, int queue, RateLimit... limits) {
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(limits), false));
    for (Simulator at : List.of(first, second)) {
      String name = at == first ? "first" : "second";
      ProviderEntry provider =
          Configurations.provider(
              name,
              at.baseUrl(),
              List.of(Configurations.model("gpt-4o", 1)),
              Duration.ofSeconds(2));
      entries.add(Configurations.withRoom(provider, maxConcurrent, queue));
    }
    entries.add(route("slow", "first"));
    entries.add(route("quick", "second"));
    entries.add(route("both", "first", "second"));
    entries.add(route("both-in-turn", TWICE, "second", "first"));
    return GatewaySnapshot.of(entries);
  }

  private static RouteEntry route(String model, String... providers) {
    return route(model, Configurations.ONCE, providers);
  }

  private static RouteEntry route(String model, Retry retry, String... providers) {
    List<RouteEntry.Target> targets = new ArrayList<>();
    for (String provider : providers) {
      targets.add(new RouteEntry.Target("ai", provider, "gpt-4o", 1, targets.size()));
    }
    return new RouteEntry(
        "ai",
        model,
        1,
        List.of(model),
        targets,
        RouteEntry.Selection.by(Strategy.PRIORITY, Unpriced.REFUSE),
        retry,
        false);
  }

  private static void script(Simulator provider, String words) {
    provider.clearScripts();
    if (!words.isEmpty()) {
      provider.script(0, words);
    }
  }
}
