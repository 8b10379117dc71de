package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnthropicAnswerTest {
  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":10,\
      "cache_creation_input_tokens":30,"cache_read_input_tokens":200,"cache_creation":\
      {"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},"output_tokens":1}}}

      """;

  @Test
  void addsWhatIsReadFromAndWrittenToTheCache() {
    assertThat(
            text(
                """
                {"input_tokens": 10, "cache_creation_input_tokens": 30,
                 "cache_read_input_tokens": 200, "output_tokens": 50,
                 "output_tokens_details": {"thinking_tokens": 40},
                 "cache_creation": {"ephemeral_5m_input_tokens": 20,
                                    "ephemeral_1h_input_tokens": 10},
                 "server_tool_use": {"web_search_requests": 1}, "service_tier": "standard"}
                """))
        .contains(new Usage(240, 200, 20, 10, 0, 50, 40, 0));
  }

  @Test
  void takesAWriteWithoutASplitForTheShorterTime() {
    assertThat(text("{\"input_tokens\":1,\"cache_creation_input_tokens\":30,\"output_tokens\":2}"))
        .contains(new Usage(31, 0, 30, 0, 0, 2, 0, 0));
  }

  @Test
  void takesASplitWithoutASumForTheWrite() {
    assertThat(
            text(
                "{\"input_tokens\":1,\"output_tokens\":2,\"cache_creation\":"
                    + "{\"ephemeral_5m_input_tokens\":20,\"ephemeral_1h_input_tokens\":10}}"))
        .contains(new Usage(31, 0, 20, 10, 0, 2, 0, 0));
  }

  @Test
  void keepsOfAStreamsBeginningWhatItsEndDoesNotRepeat() {
    assertThat(stream(START + delta("{\"output_tokens\":99}")))
        .contains(new Usage(240, 200, 20, 10, 0, 99, 0, 0));
  }

  @Test
  void takesWhatTheEndRepeatsForTheWholeAndNotForMore() {
    assertThat(
            stream(
                START
                    + delta("{\"output_tokens\":40}")
                    + delta(
                        "{\"input_tokens\":7000,\"cache_creation_input_tokens\":50,"
                            + "\"cache_read_input_tokens\":200,\"output_tokens\":99}")))
        .contains(new Usage(7250, 200, 40, 10, 0, 99, 0, 0));
  }

  @Test
  void hasThePromptOfAStreamThatBrokeOff() {
    assertThat(stream(START)).contains(new Usage(240, 200, 20, 10, 0, 1, 0, 0));
  }

  @Test
  void passesOverAnEventThatIsCutShort() {
    String cut = "data: {\"usage\":{\"iterations\":[{\"type\":\"message\"\n\n";

    assertThat(stream(START + cut + delta("{\"output_tokens\":99}")))
        .contains(new Usage(240, 200, 20, 10, 0, 99, 0, 0));
  }

  @Test
  void addsCompactionThatTheFiguresLeaveOut() {
    assertThat(
            text(
                """
                {"input_tokens": 23, "output_tokens": 10, "iterations": [
                  {"type": "compaction", "input_tokens": 180, "cache_read_input_tokens": 5,
                   "output_tokens": 3},
                  {"type": "message", "input_tokens": 23, "output_tokens": 10},
                  {"type": "advisor_message", "input_tokens": 9, "output_tokens": 9}]}
                """))
        .contains(new Usage(208, 5, 0, 0, 0, 13, 0, 0));
  }

  @Test
  void addsTheLastWordOnCompactionAlone() {
    String iterations = "\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":180}]";

    assertThat(
            stream(
                START
                    + delta("{\"output_tokens\":9," + iterations + "}")
                    + delta("{\"output_tokens\":10," + iterations + "}")))
        .contains(new Usage(420, 200, 20, 10, 0, 10, 0, 0));
  }

  @Test
  void doesNotMergeTwoUsagesOfOneText() {
    assertThat(
            Split.read(
                AnswerDialect.ANTHROPIC_MESSAGES::text,
                "{\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":6,\"output_tokens\":1},"
                    + "\"usage\":{\"input_tokens\":8,\"output_tokens\":2}}"))
        .contains(new Usage(8, 0, 0, 0, 0, 2, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input_tokens\":-1,\"output_tokens\":2}",
        "{\"input_tokens\":1,\"output_tokens\":2,\"cache_creation\":"
            + "{\"ephemeral_5m_input_tokens\":\"x\"}}",
        "{\"input_tokens\":1,\"output_tokens\":2,\"iterations\":"
            + "[{\"type\":\"compaction\",\"input_tokens\":1.5}]}",
        "{\"input_tokens\":1,\"output_tokens\":2,\"iterations\":"
            + "[{\"type\":\"compaction\",\"input_tokens\":1000000000000}]}",
        "null",
        "{}"
      })
  void hasNoFiguresWhereOneIsNone(String usage) {
    assertThat(text(usage)).isEmpty();
  }

  @Test
  void isUnreadableFromAFigureOnThatIsNone() {
    assertThat(stream(START + delta("{\"output_tokens\":-9}"))).isEmpty();
    assertThat(stream(START + delta("{\"output_tokens\":-9}") + START)).isPresent();
  }

  private static Optional<Usage> text(String usage) {
    return Split.read(
        AnswerDialect.ANTHROPIC_MESSAGES::text,
        "{\"type\":\"message\",\"content\":[{\"usage\":{\"input_tokens\":777}}],\"usage\":"
            + usage
            + "}");
  }

  private static Optional<Usage> stream(String events) {
    return Split.read(AnswerDialect.ANTHROPIC_MESSAGES::stream, events);
  }

  private static String delta(String usage) {
    return "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":" + usage + "}\n\n";
  }
}
