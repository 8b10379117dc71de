package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What those do differently who speak OpenAI's dialect.
final class CompletionAnswerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"prompt_tokens_details\":{\"cached_tokens\":7}",
        "\"cached_tokens\":7",
        "\"prompt_cache_hit_tokens\":7,\"prompt_cache_miss_tokens\":3",
        "\"cached_prompt_text_tokens\":7",
        "\"prompt_tokens_details\":{\"cached_tokens\":7},\"cached_tokens\":0",
        "\"cached_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":7}",
        "\"cached_tokens\":7,\"prompt_tokens_details\":null"
      })
  void findsCachedTokensWhereverTheyStand(String cached) {
    assertThat(text("{\"prompt_tokens\":10,\"completion_tokens\":2," + cached + "}"))
        .contains(new Usage(10, 7, 0, 0, 0, 2, 0, 0));
  }

  @Test
  void findsWhatIsWrittenToACache() {
    assertThat(
            text(
                "{\"prompt_tokens\":10,\"completion_tokens\":2,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":1,\"cache_write_tokens\":8}}"))
        .contains(new Usage(10, 1, 8, 0, 0, 2, 0, 0));
  }

  @Test
  void addsReasoningThatOnlyTheTotalCounts() {
    Usage used = new Usage(10, 4, 0, 0, 0, 29, 20, 0);

    assertThat(
            text(
                "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":39,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":4},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":20}}"))
        .contains(used);
    assertThat(
            text(
                "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":39,"
                    + "\"cached_prompt_text_tokens\":4,\"reasoning_tokens\":20}"))
        .contains(used);
  }

  @Test
  void addsWhatNothingButTheTotalTellsOf() {
    assertThat(text("{\"prompt_tokens\":20,\"completion_tokens\":424,\"total_tokens\":1016}"))
        .contains(new Usage(20, 0, 0, 0, 0, 996, 572, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":19}",
        "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":3}",
        "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":-7}",
        "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":\"many\"}",
        "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":null}"
      })
  void addsNothingWhereTheTotalTellsOfNothing(String usage) {
    assertThat(text(usage)).contains(new Usage(10, 0, 0, 0, 0, 9, 0, 0));
  }

  @Test
  void addsNothingThatACacheMayExplain() {
    assertThat(
            text(
                "{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":99,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":80}}"))
        .contains(new Usage(10, 80, 0, 0, 0, 9, 0, 0));
  }

  @Test
  void takesATotalAloneForAnEmbeddingsInput() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_CHAT::text,
                "{\"object\":\"list\",\"data\":[],\"usage\":{\"total_tokens\":3}}"))
        .contains(new Usage(3, 0, 0, 0, 0, 0, 0, 0));
    assertThat(text("{\"total_tokens\":3}")).isEmpty();
  }

  @Test
  void readsWhatGroqPutsBesideTheLastChoice() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_CHAT::stream,
                """
                data: {"choices":[{"delta":{"content":"a"}}],"x_groq":{"id":"r"}}

                data: {"choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":\
                {"queue_time":0.1,"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}}

                data: [DONE]

                """))
        .contains(new Usage(9, 0, 0, 0, 0, 3, 0, 0));
  }

  @Test
  void readsTheLastOfFiguresThatGrow() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_CHAT::stream,
                """
                data: {"choices":[{}],"usage":{"prompt_tokens":9,"completion_tokens":1}}

                data: {"choices":[{}],"usage":{"prompt_tokens":9,"completion_tokens":2}}

                data: {"choices":[{}],"usage":null}

                """))
        .contains(new Usage(9, 0, 0, 0, 0, 2, 0, 0));
  }

  @Test
  void isUnreadableWhereTheLastOfSeveralIs() {
    assertThat(
            Split.read(
                AnswerDialect.OPENAI_CHAT::stream,
                """
                data: {"choices":[{}],"usage":{"prompt_tokens":9,"completion_tokens":1}}

                data: {"choices":[{}],"usage":{"prompt_tokens":9,"completion_tokens":-2}}

                """))
        .isEmpty();
  }

  @Test
  void takesTheLastOfTwoUsagesOfOneTextAndMergesNothing() {
    String full =
        "{\"prompt_tokens\":9,\"completion_tokens\":8,\"prompt_tokens_details\":"
            + "{\"cached_tokens\":7}}";

    assertThat(texts(full, "{\"prompt_tokens\":1}")).contains(new Usage(1, 0, 0, 0, 0, 0, 0, 0));
    assertThat(texts(full, "null")).contains(new Usage(9, 7, 0, 0, 0, 8, 0, 0));
    assertThat(texts(full, "{}")).contains(new Usage(9, 7, 0, 0, 0, 8, 0, 0));
    assertThat(texts(full, "{\"prompt_tokens\":-1}")).isEmpty();
    assertThat(texts("{\"prompt_tokens\":-1}", full)).contains(new Usage(9, 7, 0, 0, 0, 8, 0, 0));
  }

  private static Optional<Usage> texts(String first, String second) {
    return Split.read(
        AnswerDialect.OPENAI_CHAT::text,
        "{\"choices\":[],\"usage\":" + first + ",\"usage\":" + second + "}");
  }

  private static Optional<Usage> text(String usage) {
    return Split.read(
        AnswerDialect.OPENAI_CHAT::text, "{\"choices\":[{}],\"usage\":" + usage + "}");
  }
}
