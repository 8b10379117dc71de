package ai.oneflow.gateway.dialect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BedrockAnswerTest {
  private static final String FIGURES =
      """
      {"usage":{"inputTokens":10,"outputTokens":50,"totalTokens":290,"cacheReadInputTokens":200,\
      "cacheReadInputTokenCount":200,"cacheWriteInputTokens":30,"cacheWriteInputTokenCount":30,\
      "cacheDetails":[{"ttl":"1h","inputTokens":12},{"ttl":"5m","inputTokens":18}]},"p":"abc"}\
      """;
  private static final Usage USED = new Usage(240, 200, 18, 12, 0, 50, 0, 0);

  @Test
  void addsWhatIsReadFromAndWrittenToTheCache() {
    assertThat(Split.read(AnswerDialect.BEDROCK_CONVERSE::text, FIGURES)).contains(USED);
  }

  @Test
  void takesAWriteWithoutDetailsForTheShorterTime() {
    assertThat(
            Split.read(
                AnswerDialect.BEDROCK_CONVERSE::text,
                "{\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"cacheWriteInputTokens\":3}}"))
        .contains(new Usage(4, 0, 3, 0, 0, 2, 0, 0));
  }

  @Test
  void readsTheEventThatEndsAStream() {
    byte[] stream =
        Frames.join(
            Frames.event("messageStart", "{\"role\":\"assistant\"}"),
            Frames.event("contentBlockDelta", "{\"usage\":{\"inputTokens\":7}}"),
            Frames.event("metadata", FIGURES));

    assertThat(stream(stream)).contains(USED);
  }

  @Test
  void readsNoEventWhoseChecksumIsWrong() {
    byte[] event = Frames.event("metadata", FIGURES);
    for (int at = 0; at < event.length; at++) {
      byte[] damaged = event.clone();
      damaged[at] ^= 0x10;
      assertThat(once(damaged)).as("damaged at %d", at).isEmpty();
    }
  }

  @Test
  void readsNothingBehindWhatIsNoFrame() {
    byte[] damaged = Frames.event("messageStop", "{}");
    damaged[9] ^= 1;

    assertThat(stream(Frames.join(damaged, Frames.event("metadata", FIGURES)))).isEmpty();
  }

  @Test
  void readsNoHalfFrame() {
    byte[] event = Frames.event("metadata", FIGURES);

    assertThat(stream(Arrays.copyOf(event, event.length - 1))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 15, 1 << 20 | 1, Integer.MAX_VALUE})
  void believesNoLengthThatAFrameCannotHave(int length) {
    byte[] stream = Frames.join(Frames.prelude(length, 0), Frames.event("metadata", FIGURES));

    assertThat(stream(stream)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void believesNoHeadersLongerThanTheirFrame(int headers) {
    byte[] stream = Frames.join(Frames.prelude(116, headers), new byte[104]);

    assertThat(stream(stream)).isEmpty();
  }

  @Test
  void readsNoExceptionAsAnEvent() {
    assertThat(stream(Frames.of("exception", "metadata", FIGURES))).isEmpty();
  }

  @Test
  void passesOverHeadersOfEveryType() {
    assertThat(stream(Frames.withHeadersOfEveryType("metadata", FIGURES))).contains(USED);
  }

  @Test
  void readsNothingFromHeadersThatAreNone() {
    assertThat(stream(Frames.withHeaders(new byte[] {1, 'a', 10, 0}, FIGURES))).isEmpty();
    assertThat(stream(Frames.withHeaders(new byte[] {9, 'a'}, FIGURES))).isEmpty();
  }

  private static Optional<Usage> stream(byte[] bytes) {
    return Split.read(AnswerDialect.BEDROCK_CONVERSE::stream, bytes);
  }

  private static Optional<Usage> once(byte[] bytes) {
    return Split.whole(AnswerDialect.BEDROCK_CONVERSE.stream(), bytes);
  }
}
