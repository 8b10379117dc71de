package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponsesAnswerTest {
  private static final String FIGURES =
      """
      {"input_tokens":100,"input_tokens_details":{"cached_tokens":30,"cache_write_tokens":20},\
      "output_tokens":50,"output_tokens_details":{"reasoning_tokens":40},"total_tokens":150}\
      """;
  private static final Usage USED = new Usage(100, 30, 20, 0, 0, 50, 40, 0);

  @Test
  void readsAResponse() {
    assertThat(text(FIGURES)).contains(USED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"response.completed", "response.incomplete", "response.failed"})
  void readsTheEventThatEndsAStream(String type) {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_RESPONSES::stream,
                event("response.created", "null") + event(type, FIGURES)))
        .contains(USED);
  }

  @Test
  void keepsWhatWasSaidWhereTheNextHasNothingToSay() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_RESPONSES::stream,
                event("response.completed", FIGURES) + event("response.created", "null")))
        .contains(USED);
  }

  @Test
  void readsTheNamesOfRealtimeAndCountsCachedAudioAsCached() {
    assertThat(
            text(
                """
                {"input_tokens": 100, "output_tokens": 20,
                 "input_token_details": {"audio_tokens": 60, "cached_tokens": 50,
                   "cached_tokens_details": {"text_tokens": 10, "audio_tokens": 40}},
                 "output_token_details": {"audio_tokens": 15}}
                """))
        .contains(new Usage(100, 50, 0, 0, 20, 20, 0, 15));
  }

  @Test
  void takesTheLastOfTwoUsagesAndMergesNothing() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_RESPONSES::text,
                "{\"usage\":" + FIGURES + ",\"usage\":{\"input_tokens\":1}}"))
        .contains(new Usage(1, 0, 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "{\"input_tokens\":-1}", "{\"output_tokens\":\"7\"}"})
  void hasNoFiguresWhereThereIsNoneOrOneIsNone(String usage) {
    assertThat(text(usage)).isEmpty();
  }

  private static Optional<Usage> text(String usage) {
    return Split.read(
        AnswerDialect.OPENAI_RESPONSES::text,
        "{\"object\":\"response\",\"output\":[{\"usage\":{\"input_tokens\":7}}],\"usage\":"
            + usage
            + "}");
  }

  private static String event(String type, String usage) {
    return "event: %s\ndata: {\"type\":\"%s\",\"response\":{\"usage\":%s}}\n\n"
        .formatted(type, type, usage);
  }
}
