package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import org.junit.jupiter.api.Test;

final class CohereAnswerTest {
  private static final String BILLED =
      "\"billed_units\":{\"input_tokens\":2406.0,\"output_tokens\":2}";
  private static final String SEEN =
      "\"tokens\":{\"input_tokens\":2935,\"output_tokens\":4},\"cached_tokens\":2928";

  @Test
  void readsWhatIsBilledAndNotWhatTheModelSaw() {
    Usage billed = new Usage(2406, 0, 0, 0, 0, 2, 0, 0);

    assertThat(Split.read(AnswerDialect.COHERE::text, "{\"usage\":{" + BILLED + "," + SEEN + "}}"))
        .contains(billed);
    assertThat(Split.read(AnswerDialect.COHERE::text, "{\"usage\":{" + SEEN + "," + BILLED + "}}"))
        .contains(billed);
  }

  @Test
  void readsWhatTheModelSawWhereNothingIsSaidToBeBilled() {
    assertThat(Split.read(AnswerDialect.COHERE::text, "{\"usage\":{" + SEEN + "}}"))
        .contains(new Usage(2935, 2928, 0, 0, 0, 4, 0, 0));
  }

  @Test
  void readsTheEndOfAStream() {
    assertThat(
            Split.read(
                AnswerDialect.COHERE::stream,
                "event: message-start\ndata: {\"type\":\"message-start\",\"delta\":{}}\n\n"
                    + "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":"
                    + "{\"finish_reason\":\"COMPLETE\",\"usage\":{"
                    + BILLED
                    + "}}}\n\n"))
        .contains(new Usage(2406, 0, 0, 0, 0, 2, 0, 0));
  }

  @Test
  void readsEmbeddings() {
    assertThat(
            Split.read(
                AnswerDialect.COHERE::text,
                "{\"embeddings\":{\"float\":[[0.1]]},\"meta\":{\"api_version\":{\"version\":\"2\"},"
                    + "\"billed_units\":{\"input_tokens\":3}}}"))
        .contains(new Usage(3, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void hasNoFiguresWhereOneIsNoneOrOtherUnitsAreBilled() {
    assertThat(
            Split.read(
                AnswerDialect.COHERE::text,
                "{\"usage\":{\"billed_units\":{\"input_tokens\":1.5,\"output_tokens\":1}}}"))
        .isEmpty();
    assertThat(
            Split.read(
                AnswerDialect.COHERE::text, "{\"meta\":{\"billed_units\":{\"search_units\":1}}}"))
        .isEmpty();
  }
}
