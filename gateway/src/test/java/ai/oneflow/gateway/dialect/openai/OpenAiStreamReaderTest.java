package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiStreamReaderTest {
  private static final String DELTA = "data: {\"choices\":[{\"delta\":{\"content\":\"é\"}}]}\n\n";
  private static final String STOP =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final Usage FIGURES = new Usage(9, 0, 0, 0, 0, 3, 0, 0);

  /// What a reader said of a stream, and what of it may go to the caller.
  private record Heard(
      boolean ended, boolean error, boolean garbage, Optional<Usage> usage, String visible) {}

  static Stream<String> streams() {
    return Stream.of(
        DELTA + STOP + USAGE + DONE,
        (DELTA + STOP + USAGE + DONE).replace("\n", "\r\n"),
        ": a comment\n\n" + DELTA + ":\n" + STOP + "event: x\nid: 7\n" + USAGE + DONE,
        DELTA + USAGE + USAGE + DONE,
        "data:{\"choices\":\ndata: [],\ndata:\"usage\":{\"prompt_tokens\":1}}\n\n" + DONE,
        "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
        "data\n\ndatum: 1\n\n\n\n" + DONE,
        "data:\n\n" + DELTA,
        "data: <html>\n\n",
        DELTA + "data: {\"choices\":[\n\n",
        "<html>\n<body>\n",
        DELTA.strip());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void saysTheSameWhereverTheBytesAreSplit(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    Heard whole = hear(true, bytes);
    for (int at = 0; at <= bytes.length; at++) {
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      assertThat(hear(true, Arrays.copyOf(bytes, at), tail)).as("split at %d", at).isEqualTo(whole);
    }
    byte[][] single = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      single[i] = new byte[] {bytes[i]};
    }
    assertThat(hear(true, single)).as("one byte at a time").isEqualTo(whole);
  }

  @Test
  void hidesTheUsageThatTheCallerDidNotAskFor() {
    Heard heard = hear(true, DELTA + STOP + USAGE + DONE);

    assertThat(heard.visible()).isEqualTo(DELTA + STOP + DONE);
    assertThat(heard.usage()).contains(FIGURES);
    assertThat(heard.ended()).isTrue();
  }

  @Test
  void hidesItsOtherLinesWithIt() {
    Heard heard = hear(true, STOP + ": for the proxy\nevent: usage\n" + USAGE + DONE);

    assertThat(heard.visible()).isEqualTo(STOP + DONE);
  }

  @Test
  void hidesTwoThatFollowOneAnother() {
    assertThat(hear(true, STOP + USAGE + USAGE + DONE).visible()).isEqualTo(STOP + DONE);
  }

  @Test
  void hidesTwoThatOthersStandBetween() {
    assertThat(hear(true, USAGE + DELTA + USAGE + STOP + USAGE + DONE).visible())
        .isEqualTo(DELTA + STOP + DONE);
  }

  @Test
  void leavesTheUsageThatTheCallerAskedFor() {
    Heard heard = hear(false, DELTA + STOP + USAGE + DONE);

    assertThat(heard.visible()).isEqualTo(DELTA + STOP + USAGE + DONE);
    assertThat(heard.usage()).contains(FIGURES);
  }

  @Test
  void readsUsageBesideAChoiceAndLeavesIt() {
    String both =
        "data: {\"choices\":[{\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n";

    Heard heard = hear(true, both);

    assertThat(heard.visible()).isEqualTo(both);
    assertThat(heard.usage()).contains(FIGURES);
  }

  @Test
  void keepsTheLastOfSeveralFigures() {
    Heard heard = hear(true, USAGE.replace("9", "1") + USAGE);

    assertThat(heard.usage()).contains(FIGURES);
  }

  @Test
  void endsWithDoneOrWithAReason() {
    assertThat(hear(true, DELTA).ended()).isFalse();
    assertThat(hear(true, DELTA + STOP).ended()).isTrue();
    assertThat(hear(true, DELTA + DONE).ended()).isTrue();
    assertThat(hear(true, DELTA + "data:[DONE] \r\n\r\n").ended()).isTrue();
    assertThat(hear(true, DELTA + DONE.stripTrailing()).ended()).isFalse();
  }

  @Test
  void joinsTheDataLinesOfOneEvent() {
    Heard heard = hear(true, "data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":9}}\n\n");

    assertThat(heard.garbage()).isFalse();
    assertThat(heard.usage()).contains(new Usage(9, 0, 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: <html>\n\n",
        "data: {\n\n",
        "data: [DONE\n\n",
        "data: [DONE]xyz\n\n",
        "data: [DO NE]\n\n",
        "data: [DONE]\ndata: [DONE]\n\n",
        "data: {}}\n\n"
      })
  void knowsGarbage(String event) {
    assertThat(hear(true, DELTA + event).garbage()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {": ping\n\n", "event: ping\n\n", "\n\n\n", "data:\n\n", "data:\r\n\r\n"})
  void findsNoEventWhereThereIsNoData(String text) {
    Heard heard = hear(true, text);

    assertThat(heard.ended()).isFalse();
    assertThat(heard.garbage()).isFalse();
    assertThat(heard.visible()).isEqualTo(text);
  }

  @Test
  void knowsAnErrorInThePlaceOfContent() {
    assertThat(hear(true, "data: {\"error\":{\"message\":\"overloaded\"}}\n\n").error()).isTrue();
  }

  @Test
  void knowsWhereTheOpenEventBegins() {
    OpenAiStreamReader reader = new OpenAiStreamReader(true);
    reader.read(Unpooled.copiedBuffer(DELTA + "data: {", UTF_8));

    assertThat(reader.openEventStart()).isEqualTo(DELTA.getBytes(UTF_8).length);
  }

  @Test
  void looksAtNothingThatThereIsNoRoomFor() {
    OpenAiStreamReader reader =
        new OpenAiStreamReader(true, null, written -> written.fewestTokens() <= 2);
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":3}}\n\n";
    reader.read(Unpooled.copiedBuffer(DELTA.repeat(4) + usage + "data: [DONE]\n\n", UTF_8));

    assertThat(reader.full()).isTrue();
    assertThat(reader.fullAt()).isEqualTo(2L * DELTA.getBytes(UTF_8).length);
    assertThat(reader.output().pieces()).isEqualTo(2);
    assertThat(reader.usage()).isEmpty();
    assertThat(reader.ended()).isFalse();
  }

  private static Heard hear(boolean hideUsage, String text) {
    return hear(hideUsage, text.getBytes(UTF_8));
  }

  private static Heard hear(boolean hideUsage, byte[]... pieces) {
    OpenAiStreamReader reader = new OpenAiStreamReader(hideUsage);
    StringBuilder visible = new StringBuilder();
    byte[] all = new byte[0];
    int from = 0;
    for (byte[] piece : pieces) {
      reader.read(Unpooled.wrappedBuffer(piece));
      int before = all.length;
      all = Arrays.copyOf(all, before + piece.length);
      System.arraycopy(piece, 0, all, before, piece.length);
      for (Span hidden : reader.hidden()) {
        visible.append(text(all, from, (int) hidden.start()));
        from = (int) hidden.end();
      }
    }
    visible.append(text(all, from, all.length));
    return new Heard(
        reader.ended(), reader.error(), reader.garbage(), reader.usage(), visible.toString());
  }

  private static String text(byte[] all, int from, int to) {
    return new String(all, from, to - from, UTF_8);
  }
}
