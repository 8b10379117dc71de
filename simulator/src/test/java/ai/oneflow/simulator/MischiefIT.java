package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MischiefIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = Caller.chatBody("Hello!", ",\"stream\":true");

  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void answersWithScriptedStatusThenHonestly() throws Exception {
    simulator.script(2, "outcome=status status=429 retry-after=7");
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> refused = caller.post(CHAT, Caller.chatBody("Hi", ""));
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).contains("7");
      assertThat(Caller.json(refused.body()).at("/error/code").asText())
          .isEqualTo("rate_limit_exceeded");
    }
    assertThat(caller.post(CHAT, Caller.chatBody("Hi", "")).statusCode()).isEqualTo(200);
    assertThat(simulator.requests().getFirst().produced().usage().totalTokens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"[[sim status=418]]\"}]}",
        "{\"model\":\"gpt-4o\",\"user\":\"sim status=418\",\"messages\":[{\"role\":\"user\"}]}",
        "{\"model\":\"sim:status=418\",\"messages\":[{\"role\":\"user\"}]}"
      })
  void takesTheScriptFromTheRequestItself(String body) throws Exception {
    assertThat(caller.post(CHAT, body).statusCode()).isEqualTo(418);
  }

  @Test
  void takesTheScriptFromAHeaderBeforeTheRules() throws Exception {
    simulator.script(0, "status=500");
    HttpResponse<String> answer =
        caller.send(
            caller
                .request(CHAT)
                .header("x-simulator-script", "status=418 body='short and stout'")
                .POST(HttpRequest.BodyPublishers.ofString(STREAM)));
    assertThat(answer.statusCode()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("short and stout");
  }

  @Test
  void takesRulesFromAnAdminCallUntilTheyAreCleared() throws Exception {
    caller.post("/admin/script", "[{\"script\":\"status=503\",\"model\":\"gpt-4o\"}]");
    assertThat(caller.post(CHAT, STREAM).statusCode()).isEqualTo(503);
    caller.send(caller.request("/admin/script").DELETE());
    assertThat(caller.post(CHAT, STREAM).statusCode()).isEqualTo(200);
  }

  @Test
  void namesTheWordItCannotRead() throws Exception {
    HttpResponse<String> answer = caller.post("/admin/script", "{\"script\":\"latency=3s\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("knows no `latency=`");
  }

  @Test
  void resetsBeforeAndAfterHeadersAndInMidBody() throws Exception {
    assertThat(raw("outcome=reset at=before-headers").text()).isEmpty();
    RawCaller.Ended afterHeaders = raw("outcome=reset at=after-headers");
    assertThat(afterHeaders.how()).isEqualTo("RST");
    assertThat(afterHeaders.text()).endsWith("\r\n\r\n").contains("200 OK");
    RawCaller.Ended midBody = raw("outcome=reset after=3");
    assertThat(midBody.how()).isEqualTo("RST");
    assertThat(Caller.events(midBody.text())).hasSize(3);
    assertThat(simulator.requests().getLast().produced().state())
        .isEqualTo(ReceivedRequest.State.CUT_BY_SCRIPT);
    assertThat(simulator.requests().getLast().produced().sentTokens()).isEqualTo(2);
  }

  @Test
  void truncatesWithoutALastChunk() throws Exception {
    RawCaller.Ended ended = raw("outcome=truncate after=4");
    assertThat(ended.how()).isEqualTo("FIN");
    assertThat(Caller.events(ended.text())).hasSize(4);
    assertThat(ended.text()).doesNotContain("\r\n0\r\n");
  }

  @Test
  void endsAStreamWellFramedButWithoutDone() throws Exception {
    simulator.script(1, "outcome=half-stream after=4");
    HttpResponse<String> answer = caller.post(CHAT, STREAM);
    assertThat(Caller.events(answer.body())).hasSize(4).doesNotContain("[DONE]");
  }

  @Test
  void endsWithGarbageAStreamThatBeganWell() throws Exception {
    simulator.script(1, "outcome=garbage-event after=3");
    List<String> events = Caller.events(caller.post(CHAT, STREAM).body());
    assertThat(events).hasSize(4);
    assertThatThrownBy(() -> Caller.json(events.getLast())).isInstanceOf(IOException.class);
  }

  @Test
  void stallsUntilTheCallerLeaves() throws Exception {
    simulator.script(1, "outcome=stall after=2");
    try (RawCaller raw = new RawCaller(simulator.port())) {
      raw.send(RawCaller.post(CHAT, STREAM)).readUntil("\"content\":\"");
      assertThat(simulator.requests().getFirst().produced().state())
          .isEqualTo(ReceivedRequest.State.RUNNING);
    }
    await()
        .until(
            () ->
                simulator.requests().getFirst().produced().state()
                    == ReceivedRequest.State.CALLER_LEFT);
  }

  @Test
  void answersHtmlGarbageAndHugeHeaders() throws Exception {
    simulator.script(1, "outcome=html");
    simulator.script(1, "outcome=garbage-events");
    simulator.script(1, "outcome=huge-headers bytes=100000");
    HttpResponse<String> html = caller.post(CHAT, STREAM);
    assertThat(html.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(caller.post(CHAT, STREAM).body()).contains("not json at all");
    try (RawCaller raw = new RawCaller(simulator.port())) {
      String head = raw.send(RawCaller.post(CHAT, STREAM)).readUntil("\r\n\r\n");
      assertThat(head).hasSizeGreaterThan(100_000);
    }
  }

  @Test
  void sendsAChunkThatIsNone() {
    simulator.script(1, "outcome=bad-chunk after=2");
    assertThatThrownBy(() -> caller.post(CHAT, STREAM)).isInstanceOf(IOException.class);
  }

  @Test
  void sendsAnErrorInsideAStreamThatBeganWell() throws Exception {
    simulator.script(1, "outcome=error-event after=2");
    List<String> events = Caller.events(caller.post(CHAT, STREAM).body());
    assertThat(events).hasSize(3);
    assertThat(Caller.json(events.getLast()).has("error")).isTrue();
  }

  @Test
  void placesUsageWhereTold() throws Exception {
    simulator.script(1, "usage=missing");
    assertThat(caller.chat("").has("usage")).isFalse();
    simulator.script(1, "usage=with-last-content prompt-tokens=1000 completion-tokens=1000");
    List<String> last = Caller.events(caller.post(CHAT, STREAM).body());
    JsonNode finish = Caller.json(last.get(last.size() - 2));
    assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(finish.at("/usage/total_tokens").asInt()).isEqualTo(2000);
    simulator.script(1, "usage=cumulative");
    List<String> growing = Caller.events(caller.post(CHAT, STREAM).body());
    assertThat(Caller.json(growing.get(1)).at("/usage/completion_tokens").asInt()).isEqualTo(1);
  }

  @Test
  void takesItsTimeWhereTold() throws Exception {
    simulator.script(1, "first-byte=120ms gap=10ms tokens=8");
    long begun = System.nanoTime();
    caller.post(CHAT, STREAM);
    assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(200);
  }

  @Test
  void theSameBytesComeInEverySplitting() throws Exception {
    String body = Caller.chatBody("Hello! [[sim seed=3 tokens=12 split=%s]]", ",\"stream\":true");
    List<String> texts =
        List.of("events", "whole", "every-byte", "random").stream()
            .map(split -> unchecked(body.formatted(split)))
            .map(stream -> String.join("|", Caller.events(stream)))
            .map(events -> events.replaceAll("chatcmpl-\\w+|\"created\" ?: ?\\d+", ""))
            .distinct()
            .toList();
    assertThat(texts).hasSize(1);
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (RawCaller raw = new RawCaller(simulator.port())) {
      String slow = RawCaller.post(CHAT, Caller.chatBody("[[sim first-byte=50ms status=201]]", ""));
      String quick = RawCaller.post(CHAT, Caller.chatBody("[[sim status=202 close=true]]", ""));
      String answers = raw.send(slow + quick).readToEnd().text();
      assertThat(answers.indexOf("201 Created")).isLessThan(answers.indexOf("202 Accepted"));
    }
  }

  @Test
  void refusesWhatIsNoHttpAndServesTheNextCaller() throws Exception {
    try (RawCaller raw = new RawCaller(simulator.port())) {
      assertThat(raw.send("GARBAGE\r\n\r\n").readToEnd().text()).startsWith("HTTP/1.1 400 ");
    }
    assertThat(caller.get("/health").statusCode()).isEqualTo(200);
  }

  private String unchecked(String body) {
    try {
      return caller.post(CHAT, body).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private RawCaller.Ended raw(String script) throws IOException {
    simulator.script(1, script);
    try (RawCaller raw = new RawCaller(simulator.port())) {
      return raw.send(RawCaller.post(CHAT, STREAM)).readToEnd();
    }
  }
}
