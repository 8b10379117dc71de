package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest.State;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the simulator notes of a request is what its caller got.
final class WitnessIT {
  private static final String CHAT = "/v1/chat/completions";

  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  private static String body(String script, boolean streamed) {
    return Caller.chatBody(
        "Hello!", ",\"stream\":%s,\"user\":\"sim %s\"".formatted(streamed, script));
  }

  private RawCaller.Ended raw(String script, boolean streamed) throws Exception {
    try (RawCaller raw = new RawCaller(simulator.port())) {
      String post = RawCaller.post(CHAT, body(script + " close=true", streamed));
      return raw.send(post).readToEnd();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "answer, COMPLETE, 9",
    "reset after=4, CUT_BY_SCRIPT, 3",
    "truncate after=4, CUT_BY_SCRIPT, 3",
    "half-stream after=4, COMPLETE, 3",
    "error-event after=4, COMPLETE, 3",
    "garbage-event after=1, COMPLETE, 0",
    "reset at=before-headers, CUT_BY_SCRIPT, 0"
  })
  void notesTheTokensThatLeft(String outcome, State state, int tokens) throws Exception {
    String got = raw("mark=m1 tokens=9 outcome=" + outcome, true).text();

    ReceivedRequest noted = simulator.requests().getFirst();
    assertThat(noted.planned().mark()).isEqualTo("m1");
    assertThat(outcome).startsWith(noted.planned().outcome());
    assertThat(noted.planned().tokens()).hasSize(9);
    assertThat(noted.produced().state()).isEqualTo(state);
    assertThat(noted.produced().sentTokens()).isEqualTo(tokens);
    assertThat(noted.produced().sentBytes()).isEqualTo(got.length());
    assertThat(noted.sentText()).isEqualTo(said(got));
  }

  private static String said(String stream) throws Exception {
    StringBuilder said = new StringBuilder();
    for (String event : Caller.events(stream)) {
      if (event.contains("\"delta\":{\"content\"")) {
        said.append(Caller.json(event).at("/choices/0/delta/content").asText());
      }
    }
    return said.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "as-asked, false, 9",
    "always, true, 9",
    "with-last-content, true, 9",
    "cumulative, true, 9",
    "cumulative after=5 outcome=reset, true, 4",
    "missing, true, -1",
    "null, false, -1",
    "null, true, -1",
    "as-asked outcome=truncate, false, -1"
  })
  void notesTheUsageThatItTold(String usage, boolean streamed, int completionTokens)
      throws Exception {
    String got = raw("tokens=9 usage=" + usage, streamed).text();

    int told =
        simulator.requests().getFirst().produced().told().map(Usage::completionTokens).orElse(-1);
    assertThat(told).isEqualTo(completionTokens);
    assertThat(got.contains("completion_tokens")).isEqualTo(told >= 0);
    assertThat(simulator.requests().getFirst().produced().usage().completionTokens()).isEqualTo(9);
  }

  @Test
  void notesThatACallerLeftInMidStream() throws Exception {
    try (RawCaller raw = new RawCaller(simulator.port())) {
      raw.send(RawCaller.post(CHAT, body("tokens=9 outcome=stall after=3", true)));
      // The role has an empty one.
      for (int i = 0; i < 3; i++) {
        raw.readUntil("\"content\":\"");
      }
    }
    await()
        .untilAsserted(
            () -> {
              ReceivedRequest noted = simulator.requests().getFirst();
              assertThat(noted.produced().state()).isEqualTo(State.CALLER_LEFT);
              assertThat(noted.produced().sentTokens()).isEqualTo(2);
            });
  }

  @Test
  void listsItsNotesPageByPage() throws Exception {
    for (int i = 1; i <= 7; i++) {
      caller.post(CHAT, body("mark=m" + i, i % 2 == 0));
    }
    List<String> marks = new ArrayList<>();
    long last = 0;
    List<String> page = page(last);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(3);
      for (String line : page) {
        JsonNode noted = Caller.json(line);
        marks.add(noted.path("mark").asText());
        last = noted.path("sequence").asLong();
        assertThat(noted.path("sentTokens")).isEqualTo(noted.path("plannedTokens"));
        assertThat(noted.path("sentText").asText()).isNotBlank();
        assertThat(noted.has("told")).isEqualTo(!noted.path("streamed").asBoolean());
      }
      page = page(last);
    }
    assertThat(marks).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7");
    assertThat(caller.get("/admin/requests?limit=many").statusCode()).isEqualTo(400);
  }

  private List<String> page(long after) throws Exception {
    return caller.get("/admin/requests?limit=3&after=" + after).body().lines().toList();
  }
}
