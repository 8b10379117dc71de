package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeminiAnswerTest {

  @Test
  void addsThoughtsToTheAnswerAndWhatToolsFedBackToThePrompt() {
    assertThat(
            text(
                """
                {"promptTokenCount": 100, "cachedContentTokenCount": 60,
                 "toolUsePromptTokenCount": 7, "candidatesTokenCount": 20,
                 "thoughtsTokenCount": 30, "totalTokenCount": 157}
                """))
        .contains(new Usage(107, 60, 0, 0, 0, 50, 30, 0));
  }

  @Test
  void countsCachedAudioAsCached() {
    assertThat(
            text(
                """
                {"promptTokenCount": 100, "cachedContentTokenCount": 60,
                 "toolUsePromptTokenCount": 10, "candidatesTokenCount": 20,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 50},
                                         {"tokenCount": 50, "modality": "AUDIO"}],
                 "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 40},
                                        {"modality": "TEXT", "tokenCount": 20}],
                 "toolUsePromptTokensDetails": [{"modality": "AUDIO", "tokenCount": 3}],
                 "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 8},
                                             {"modality": "VIDEO"}]}
                """))
        .contains(new Usage(110, 60, 0, 0, 13, 20, 0, 8));
  }

  @Test
  void takesOfAStreamTheLastThatItSays() {
    assertThat(
            Split.read(
                AnswerDialect.GEMINI::stream,
                """
                data: {"candidates": [{}],"usageMetadata": {"promptTokenCount": 9,\
                "thoughtsTokenCount": 4,"cachedContentTokenCount": 2}}

                data: {"candidates": [{}],"usageMetadata": {"promptTokenCount": 9,\
                "candidatesTokenCount": 5}}

                data: {"candidates": [{}],"usageMetadata": {"trafficType": "ON_DEMAND"}}

                """))
        .contains(new Usage(9, 0, 0, 0, 0, 5, 0, 0));
  }

  @Test
  void readsAnAnswerThatWasAllThought() {
    assertThat(text("{\"thoughtsTokenCount\":7}")).contains(new Usage(0, 0, 0, 0, 0, 7, 7, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"trafficType\":\"ON_DEMAND\"}",
        "{\"promptTokenCount\":\"9\"}",
        "{\"promptTokenCount\":9,\"promptTokensDetails\":[{\"tokenCount\":-9}]}"
      })
  void hasNoFiguresWhereThereIsNoneOrOneIsNone(String usage) {
    assertThat(text(usage)).isEmpty();
  }

  private static Optional<Usage> text(String usage) {
    return Split.read(
        AnswerDialect.GEMINI::text, "{\"candidates\":[{}],\"usageMetadata\":" + usage + "}");
  }
}
