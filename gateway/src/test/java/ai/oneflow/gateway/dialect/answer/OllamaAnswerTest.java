package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import org.junit.jupiter.api.Test;

final class OllamaAnswerTest {
  private static final String END =
      "{\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true,\"total_duration\":9,"
          + "\"prompt_eval_count\":26,\"eval_count\":298}";
  private static final Usage FIGURES = new Usage(26, 0, 0, 0, 0, 298, 0, 0);

  @Test
  void readsAText() {
    assertThat(Split.read(AnswerDialect.OLLAMA::text, END)).contains(FIGURES);
  }

  @Test
  void readsTheLineThatEndsAStream() {
    String delta = "{\"message\":{\"content\":\"a\\nb\"},\"done\":false}\n";

    assertThat(Split.read(AnswerDialect.OLLAMA::stream, delta + delta + END + "\n"))
        .contains(FIGURES);
    assertThat(Split.read(AnswerDialect.OLLAMA::stream, delta + "\r\n<html>\n" + END))
        .contains(FIGURES);
    assertThat(Split.read(AnswerDialect.OLLAMA::stream, delta + delta)).isEmpty();
  }

  @Test
  void readsAnEmbedding() {
    assertThat(
            Split.read(
                AnswerDialect.OLLAMA::text, "{\"embeddings\":[[1]],\"prompt_eval_count\":8}"))
        .contains(new Usage(8, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void hasNoFiguresWhereOneIsNone() {
    assertThat(Split.read(AnswerDialect.OLLAMA::text, "{\"prompt_eval_count\":-8}")).isEmpty();
  }
}
