package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.tokens.OutputRoom;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// A stream of which each event comes in one piece, so that events are known by the one before, is
/// read as one that comes byte by byte, of which each event is scanned.
final class RepeatedDeltaPropertiesTest {

  private record Heard(
      boolean ended,
      boolean error,
      boolean garbage,
      int events,
      OutputSize output,
      Optional<Usage> usage,
      String text) {}

  @Property(tries = 2000)
  void eventsThatAreKnownSayWhatTheirScanSays(@ForAll("streams") List<String> events) {
    byte[][] whole = events.stream().map(event -> event.getBytes(UTF_8)).toArray(byte[][]::new);
    byte[] all = String.join("", events).getBytes(UTF_8);
    byte[][] single = new byte[all.length][];
    for (int i = 0; i < all.length; i++) {
      single[i] = new byte[] {all[i]};
    }

    assertThat(hear(whole)).isEqualTo(hear(single));
  }

  private static Heard hear(byte[]... pieces) {
    AnswerText text = new AnswerText();
    OpenAiStreamReader reader = new OpenAiStreamReader(true, text, OutputRoom.ENDLESS);
    for (byte[] piece : pieces) {
      reader.read(Unpooled.wrappedBuffer(piece));
    }
    return new Heard(
        reader.ended(),
        reader.error(),
        reader.garbage(),
        reader.events(),
        reader.output(),
        reader.usage(),
        text.toString());
  }

  /// Runs of events of one make, as providers send them, with others between.
  @Provide
  Arbitrary<List<String>> streams() {
    return makes()
        .flatMap(make -> texts().map(make::formatted).list().ofMinSize(1).ofMaxSize(4))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(runs -> runs.stream().flatMap(List::stream).toList());
  }

  private static Arbitrary<String> makes() {
    return Combinators.combine(
            Arbitraries.of("data: ", "data:", "data:  ", ": hm\n\ndata: ", "data: \ndata: "),
            Arbitraries.of(
                "{'id':'c1','choices':[{'index':0,'delta':{'content':'%1$s'},'finish_reason':null}],'usage':null}",
                "{'id':'c1','choices':[{'index':0,'delta':{'content':'%1$s'},'finish_reason':null}],'usage':null,'pad':'%1$s'}",
                "{'choices':[{'delta':{'role':'assistant','content':'%1$s'},'finish_reason':''}]}",
                "{'choices':[{'delta':{'content':'%1$s'},'finish_reason':'%1$s'}]}",
                "{'choices':[{'delta':{'reasoning_content':'%1$s','content':null}}]}",
                "{'choices':[{'delta':{'reasoning':'%1$s','reasoning_content':'%1$s'}}]}",
                "{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'%1$s'}}]}}]}",
                "{'choices':[{'delta':{'content':'%1$s'}},{'delta':{}}]}",
                "{'choices':[{'delta':{'content':'%1$s'}},{'delta':{'content':'%1$s'}}]}",
                "{'choices':[{'text':'%1$s'}]}",
                "{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':5}}",
                "{'choices':[{'delta':{'content':'%1$s'}}],'usage':{'prompt_tokens':3,'completion_tokens':5}}",
                "{'error':'%1$s','choices':[{'delta':{'content':'x'}}]}",
                "{'choices':[{'delta':{'content':'%1$s'}}]",
                "[DONE]"),
            Arbitraries.of("\n\n", "\r\n\r\n", "\nid: 1\n\n"))
        .as((start, json, end) -> start + json.replace('\'', '"') + end);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(8, Arbitraries.strings().alpha().ofMaxLength(12)),
        net.jqwik.api.Tuple.of(
            3,
            Arbitraries.of(
                "", " ", "é", "日本語", "a\\nb", "\\\"", "\\u00e9", "\\", "a\"b", "\t", "{}", ":",
                "\":\"")));
  }
}
