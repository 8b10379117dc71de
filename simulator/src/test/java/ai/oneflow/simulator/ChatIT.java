package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChatIT {
  private static final String TOOLS =
      """
      ,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
      "properties":{"city":{"type":"string"},"unit":{"enum":["c","f"]},"days":{"type":"integer"}}}}}]\
      """;

  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void answersInOpenAiShapeAndCountsUsageByItsRule() throws Exception {
    JsonNode answer = caller.chat("");
    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.path("model").asText()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(answer.at("/choices/0/message/content").asText()).isNotBlank();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    // 3 for the start, 3 for the message, "Hello!" is 6 bytes: 2.
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(8);
    assertThat(answer.at("/usage/total_tokens").asInt())
        .isEqualTo(8 + answer.at("/usage/completion_tokens").asInt());
  }

  @Test
  void samePromptSameTextOtherIdEachTime() throws Exception {
    JsonNode first = caller.chat("");
    JsonNode second = caller.chat("");
    assertThat(second.at("/choices/0/message")).isEqualTo(first.at("/choices/0/message"));
    assertThat(second.path("id")).isNotEqualTo(first.path("id"));
  }

  @Test
  void streamsRoleDeltasFinishReasonAndDone() throws Exception {
    List<String> events = stream("");
    assertThat(events.getLast()).isEqualTo("[DONE]");
    assertThat(Caller.json(events.getFirst()).at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
    JsonNode finish = Caller.json(events.get(events.size() - 2));
    assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(events).noneMatch(event -> event.contains("usage"));
  }

  @Test
  void streamsUsageOnlyWhereAsked() throws Exception {
    List<String> events = stream(",\"stream_options\":{\"include_usage\":true}");
    JsonNode usage = Caller.json(events.get(events.size() - 2));
    assertThat(usage.path("choices")).isEmpty();
    long deltas = events.stream().filter(event -> event.contains("\"delta\":{\"content\"")).count();
    assertThat(usage.at("/usage/completion_tokens").asLong()).isEqualTo(deltas);
    assertThat(Caller.json(events.getFirst()).get("usage").isNull()).isTrue();
  }

  @Test
  void callsAToolWithArgumentsThatFitItsSchema() throws Exception {
    JsonNode answer = caller.chat(TOOLS);
    JsonNode call = answer.at("/choices/0/message/tool_calls/0");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(call.at("/function/name").asText()).isEqualTo("get_weather");
    JsonNode arguments = Caller.json(call.at("/function/arguments").asText());
    assertThat(arguments.path("unit").asText()).isEqualTo("c");
    assertThat(arguments.path("days").isInt()).isTrue();
  }

  @Test
  void streamsToolCallsInFragmentsThatJoinToTheSameArguments() throws Exception {
    JsonNode whole = caller.chat(",\"seed\":1,\"user\":\"sim seed=9\"" + TOOLS);
    StringBuilder joined = new StringBuilder();
    for (String event : stream(",\"seed\":1,\"user\":\"sim seed=9\"" + TOOLS)) {
      if (!event.equals("[DONE]")) {
        JsonNode call = Caller.json(event).at("/choices/0/delta/tool_calls/0");
        joined.append(call.at("/function/arguments").asText(""));
      }
    }
    assertThat(joined.toString())
        .isEqualTo(whole.at("/choices/0/message/tool_calls/0/function/arguments").asText());
  }

  @Test
  void stopsAtMaxTokens() throws Exception {
    JsonNode answer = caller.chat(",\"max_completion_tokens\":5");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void givesSeveralChoicesWhereAsked() throws Exception {
    assertThat(caller.chat(",\"n\":3").path("choices")).hasSize(3);
  }

  @Test
  void structuredOutputFitsItsSchema() throws Exception {
    JsonNode answer =
        caller.chat(
            """
            ,"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":
            {"type":"object","properties":{"ok":{"type":"boolean"}}}}}\
            """);
    assertThat(Caller.json(answer.at("/choices/0/message/content").asText()).path("ok").asBoolean())
        .isTrue();
  }

  @Test
  void refusesUnknownModelsMissingMessagesAndBrokenJson() throws Exception {
    HttpResponse<String> model =
        caller.post("/v1/chat/completions", "{\"model\":\"gpt-9\",\"messages\":[]}");
    assertThat(model.statusCode()).isEqualTo(404);
    assertThat(Caller.json(model.body()).at("/error/code").asText()).isEqualTo("model_not_found");
    HttpResponse<String> messages =
        caller.post("/v1/chat/completions", "{\"model\":\"gpt-4o\",\"messages\":[]}");
    assertThat(messages.statusCode()).isEqualTo(400);
    assertThat(Caller.json(messages.body()).at("/error/code").asText()).isEqualTo("empty_array");
    assertThat(caller.post("/v1/chat/completions", "{\"model\":").statusCode()).isEqualTo(400);
  }

  @Test
  void refusesWrongKeysOnceItKnowsTheGoodOnes() throws Exception {
    simulator.acceptKeys(Set.of("another"));
    HttpResponse<String> refused = caller.post("/v1/chat/completions", Caller.chatBody("Hi", ""));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(Caller.json(refused.body()).at("/error/code").asText()).isEqualTo("invalid_api_key");
    assertThat(refused.body()).doesNotContain(Caller.KEY);
    simulator.acceptKeys(Set.of(Caller.KEY));
    assertThat(caller.chat("").has("choices")).isTrue();
  }

  @Test
  void listsModels() throws Exception {
    assertThat(Caller.json(caller.get("/v1/models").body()).path("data")).isNotEmpty();
    JsonNode one = Caller.json(caller.get("/v1/models/gpt-4o").body());
    assertThat(one.path("id").asText()).isEqualTo("gpt-4o");
    assertThat(caller.get("/v1/models/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void notesWhatItReceivedAndProduced() throws Exception {
    JsonNode answer = caller.chat("");
    ReceivedRequest noted = simulator.requests().getFirst();
    assertThat(noted.keyHash()).isEqualTo(ReceivedRequest.keyHashOf(Caller.KEY));
    assertThat(noted.headers()).doesNotContainKey("authorization");
    assertThat(noted.produced().state()).isEqualTo(ReceivedRequest.State.COMPLETE);
    assertThat(noted.produced().usage().completionTokens())
        .isEqualTo(answer.at("/usage/completion_tokens").asInt());
    JsonNode listed = Caller.json(caller.get("/admin/requests").body());
    assertThat(listed.path("requestId").asText()).isEqualTo(noted.requestId());
    assertThat(listed.at("/usage/total_tokens")).isEqualTo(answer.at("/usage/total_tokens"));
  }

  private List<String> stream(String more) throws IOException, InterruptedException {
    String body = Caller.chatBody("Hello!", ",\"stream\":true" + more);
    return Caller.events(caller.post("/v1/chat/completions", body).body());
  }
}
