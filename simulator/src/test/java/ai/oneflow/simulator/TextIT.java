package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TextIT {
  private static final String PATH = "/v1/completions";

  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final Caller caller = new Caller(simulator.port());

  @AfterEach
  void close() {
    simulator.close();
  }

  private HttpResponse<String> ask(String prompt, String more) throws Exception {
    return caller.post(
        PATH, "{\"model\":\"gpt-3.5-turbo-instruct\",\"prompt\":%s%s}".formatted(prompt, more));
  }

  @Test
  void answersInOpenAiShapeAndCountsUsageByItsRule() throws Exception {
    JsonNode answer = Caller.json(ask("\"Hello!\"", "").body());
    assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.path("id").asText()).startsWith("cmpl-");
    assertThat(answer.at("/choices/0/text").asText()).isNotBlank();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(16);
  }

  @Test
  void streamsADeltaATokenThenUsageWhereAskedAndDone() throws Exception {
    String whole =
        Caller.json(ask("\"Hello!\"", ",\"user\":\"sim seed=9\"").body())
            .at("/choices/0/text")
            .asText();
    List<String> events =
        Caller.events(
            ask(
                    "\"Hello!\"",
                    ",\"user\":\"sim seed=9\",\"stream\":true,\"stream_options\":{\"include_usage\":true}")
                .body());
    assertThat(events).hasSize(16 + 3).endsWith("[DONE]");
    StringBuilder joined = new StringBuilder();
    for (String event : events.subList(0, 17)) {
      joined.append(Caller.json(event).at("/choices/0/text").asText());
    }
    assertThat(joined.toString()).isEqualTo(whole);
    assertThat(Caller.json(events.get(16)).at("/choices/0/finish_reason").asText())
        .isEqualTo("length");
    JsonNode last = Caller.json(events.get(17));
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.at("/usage/completion_tokens").asInt()).isEqualTo(16);
  }

  @Test
  void answersEachPromptAndTakesTokenNumbers() throws Exception {
    JsonNode several = Caller.json(ask("[\"one\",\"two\"]", ",\"n\":2,\"max_tokens\":3").body());
    assertThat(several.path("choices")).hasSize(4);
    assertThat(several.at("/usage/completion_tokens").asInt()).isEqualTo(12);
    JsonNode numbers = Caller.json(ask("[5,6,7]", "").body());
    assertThat(numbers.path("choices")).hasSize(1);
    assertThat(numbers.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void findsTheScriptInThePromptAndRefusesWhatIsNoRequest() throws Exception {
    assertThat(ask("\"a [[sim status=418]]\"", "").statusCode()).isEqualTo(418);
    assertThat(ask("[]", "").statusCode()).isEqualTo(400);
    assertThat(caller.post(PATH, "[]").statusCode()).isEqualTo(400);
    assertThat(caller.post(PATH, "{\"model\":\"none\",\"prompt\":\"\"}").statusCode())
        .isEqualTo(404);
  }
}
