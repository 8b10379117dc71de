package ai.oneflow.gateway.dialect.json;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.json.RecordedScan.Event;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonScannerTest {
  private static final JsonField ROOT =
      JsonField.of(
          field("model"),
          field("stream"),
          field("n"),
          field("options", field("usage")),
          array("choices", JsonField.of(field("reason"))));

  static Stream<String> texts() {
    return Stream.of(
        "{}",
        " \r\n\t{ \"model\" : \"gpt-4o\" , \"stream\":true,\"n\": -1.5e+10 } \n",
        "{\"mod\\u0065l\":\"a\\\"b\\\\c\\/\\b\\f\\n\\r\\t\",\"other\":{\"model\":1}}",
        "{\"model\":\"\\ud83d\\ude00 and \\ud83d alone, é, 日本, \\u00e9\"}",
        "{\"options\":{\"usage\":null,\"more\":[1,[2,{\"usage\":3}]]},\"n\":0}",
        "{\"options\":{},\"choices\":[]}",
        "{\"choices\":[{\"reason\":\"stop\"},{\"reason\":null},7,[{\"reason\":1}]],\"n\":12}",
        "[1,2,{\"model\":\"no\"}]",
        "\"a long string without anything special in it, of more than eight bytes\"",
        "-0.0E-7",
        "true",
        "",
        "  ",
        "{\"model\":\"x\"",
        "{\"model\":\"x\",}",
        "{\"model\" \"x\"}",
        "{\"model\":}",
        "{model:1}",
        "{\"n\":01}",
        "{\"n\":1.}",
        "{\"n\":1e}",
        "{\"n\":-}",
        "[1 2]",
        "[1,]",
        "[}",
        "{]",
        "nul",
        "trve",
        "{} {}",
        "{\"model\":\"a\nb\"}",
        "{\"model\":\"\\x\"}",
        "{\"model\":\"\\u12g4\"}");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void saysTheSameWhereverTheBytesAreSplit(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    RecordedScan whole = RecordedScan.of(ROOT, bytes);
    for (int at = 0; at <= bytes.length; at++) {
      byte[] head = Arrays.copyOf(bytes, at);
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      assertThat(RecordedScan.of(ROOT, head, tail)).as("split at %d", at).isEqualTo(whole);
    }
    byte[][] single = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      single[i] = new byte[] {bytes[i]};
    }
    assertThat(RecordedScan.of(ROOT, single)).as("one byte at a time").isEqualTo(whole);
    assertThat(RecordedScan.direct(ROOT, bytes)).as("direct memory").isEqualTo(whole);
  }

  @Test
  void tellsOfWantedFieldsWithTheirOffsets() {
    RecordedScan scan =
        RecordedScan.of(ROOT, "{\"model\": \"m\", \"x\": [1], \"options\": {\"usage\": true}}");

    assertThat(scan.result()).isEqualTo(JsonScanner.Result.COMPLETE);
    assertThat(scan.events())
        .containsExactly(
            new Event("OBJECT", "", "", 0, 0),
            new Event("STRING", "model", "m", 10, 13),
            new Event("OBJECT", "options", "", 36, 36),
            new Event("TRUE", "usage", "", 46, 50),
            new Event("END", "options", "", 51, 51),
            new Event("END", "", "", 52, 52));
  }

  @Test
  void readsNamesAsTheProviderWill() {
    RecordedScan scan = RecordedScan.of(ROOT, "{\"mod\\u0065l\":\"smuggled\"}");

    assertThat(scan.events()).contains(new Event("STRING", "model", "smuggled", 14, 24));
  }

  @Test
  void looksForMembersOnlyWhereTheyBelong() {
    RecordedScan scan =
        RecordedScan.of(ROOT, "{\"a\":{\"model\":\"x\"},\"usage\":1,\"b\":[{\"n\":1}]}");

    assertThat(scan.events()).extracting(Event::what).containsExactly("OBJECT", "END");
  }

  @Test
  void tellsOfEveryElementOfAWantedArray() {
    RecordedScan scan =
        RecordedScan.of(ROOT, "{\"choices\":[{\"reason\":\"a\"},{\"x\":0},{\"reason\":\"b\"}]}");

    assertThat(scan.events())
        .filteredOn(event -> event.field().equals("reason"))
        .extracting(Event::text)
        .isEqualTo(List.of("a", "b"));
  }

  @Test
  void remembersOfALongValueOnlyThatItWasLong() {
    String most = "x".repeat(JsonScalar.MAX_BYTES);

    assertThat(RecordedScan.of(ROOT, "{\"model\":\"" + most + "\"}").events().get(1).text())
        .isEqualTo(most);
    assertThat(RecordedScan.of(ROOT, "{\"model\":\"" + most + "x\"}").events().get(1).text())
        .isEqualTo("too long");
  }

  @Test
  void holdsNoMoreThanAFieldWantsAndKnowsTheSizeWithoutEscapes() {
    List<String> heard = new ArrayList<>();
    JsonListener listener =
        new JsonListener() {
          @Override
          public void scalar(JsonField field, JsonScalar value, long start, long end) {
            heard.add(value.text() + " of " + value.size() + " in " + (end - start));
          }

          @Override
          public void opened(JsonField field, boolean object, long start) {}

          @Override
          public void closed(JsonField field, long end, boolean empty) {}
        };
    JsonScanner scanner =
        new JsonScanner(
            JsonField.of(field("a").holding(3), field("b").holding(0), field("c")), listener);

    scanner.scan(
        Unpooled.copiedBuffer(
            "{\"a\":\"x\\u00e9yz\\n\",\"b\":\"größe\",\"c\":12345,\"a\":\"\"}", UTF_8));

    assertThat(heard)
        .containsExactly("xé of 6 in 13", " of 7 in 9", "12345 of 5 in 5", " of 0 in 2");
  }

  @Test
  void aNameBeyondTheBoundIsNoWantedOne() {
    String name = "model".repeat(200);

    assertThat(RecordedScan.of(ROOT, "{\"" + name + "\":1}").events()).hasSize(2);
  }

  @Test
  void takesNestingUpToItsBoundAndRefusesMore() {
    String most = "[".repeat(JsonScanner.MAX_DEPTH) + "]".repeat(JsonScanner.MAX_DEPTH);

    assertThat(RecordedScan.of(ROOT, most).result()).isEqualTo(JsonScanner.Result.COMPLETE);
    RecordedScan deeper = RecordedScan.of(ROOT, "[" + most + "]");
    assertThat(deeper.result()).isEqualTo(JsonScanner.Result.INVALID);
    assertThat(deeper.problem()).isEqualTo("nesting deeper than 200 at byte 200");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the body is empty at byte 0",
        "{\"a\":1|the JSON text ends too early at byte 6",
        "{\"a\" 1}|':' expected after a name at byte 5",
        "{a:1}|a name in quotes expected at byte 1",
        "[1 2]|',' or ']' expected at byte 3",
        "{\"a\":1 2}|',' or '}' expected at byte 7",
        "[tru]|true, false or null expected at byte 4",
        "[01]|a malformed number at byte 2",
        "[\"\\q\"]|an unknown escape in a string at byte 3",
        "{} x|nothing may follow the JSON text at byte 3",
        "[?]|a value expected at byte 1",
      })
  void saysWhatIsWrongAndWhere(String text, String problem) {
    assertThat(RecordedScan.of(ROOT, text).problem()).isEqualTo(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":1}", "{\"n\":", "[x"})
  void isReadyForAnotherTextAfterAReset(String former) {
    List<String> told = new java.util.ArrayList<>();
    JsonListener listener =
        new JsonListener() {
          @Override
          public void scalar(JsonField field, JsonScalar value, long start, long end) {
            told.add(field.name() + "=" + value.text() + "@" + start);
          }

          @Override
          public void opened(JsonField field, boolean object, long start) {}

          @Override
          public void closed(JsonField field, long end, boolean empty) {}
        };
    JsonScanner scanner = new JsonScanner(ROOT, listener);
    byte[] first = former.getBytes(UTF_8);
    scanner.scan(first, 0, first.length);
    told.clear();

    scanner.reset(listener);
    byte[] second = "{\"n\":23}".getBytes(UTF_8);

    assertThat(scanner.scan(second, 0, second.length)).isEqualTo(JsonScanner.Result.COMPLETE);
    assertThat(told).containsExactly("n=23@5");
  }
}
