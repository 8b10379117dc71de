package ai.oneflow.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchException;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitsTest {

  @Test
  void readsLimitsWithTheShortestWindowFirst() {
    Limits limits = Limits.parse("100/hour, 1000/day;5/second");

    assertThat(limits.all())
        .containsExactly(
            new Limits.Limit(5, Limits.Per.SECOND),
            new Limits.Limit(100, Limits.Per.HOUR),
            new Limits.Limit(1000, Limits.Per.DAY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1000/day;100/hour              | 100/hour;1000/day
          ' 7 / days ,  8 /month '       | 7/day;8/month
          0/minute                       | 0/minute
          007/weeks                      | 7/week
          000000000000000/second         | 0/second
          999999999999999/second         | 999999999999999/second
          """)
  void printsTheNormalForm(String text, String normal) {
    assertThat(Limits.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                  | at character 1: expected a number, as in 100/hour, not the end: '^'
          100                 | at character 4: expected / and a window, as in 100/hour, not the end: '100^'
          100 per hour        | at character 5: expected / and a window, as in 100/hour, not 'per': '100 ^per hour'
          100/hr              | at character 5: expected one of second, minute, hour, day, week or month, not 'hr': '100/^hr'
          100/Hour            | at character 5: expected one of second, minute, hour, day, week or month, not 'Hour': '100/^Hour'
          100/                | at character 5: expected one of second, minute, hour, day, week or month, not the end: '100/^'
          /hour               | at character 1: expected a number, as in 100/hour, not '/': '^/hour'
          100/hour;           | at character 10: expected a number, as in 100/hour, not the end: '100/hour;^'
          100/hour;;5/day     | at character 10: expected a number, as in 100/hour, not ';': '100/hour;^;5/day'
          100/hour 5/day      | at character 10: expected ; or , before the next limit, not '5': '100/hour ^5/day'
          -1/day              | at character 1: expected a number, as in 100/hour, not '-': '^-1/day'
          1e3/day             | at character 2: expected / and a window, as in 100/hour, not 'e3': '1^e3/day'
          1.5/day             | at character 2: expected / and a window, as in 100/hour, not '.': '1^.5/day'
          1000000000000000/day | at character 1: a number has at most 15 digits: '^1000000000000000/day'
          1/day;2/week, 3/days | at character 17: day is limited once already; leave the smaller limit: '1/day;2/week, 3/^days'
          """)
  void pointsAtTheCharacterThatItStoppedAt(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Limits.parse(text)).withMessage(message);
  }

  @Test
  void readsNoEndlessText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.parse("1/day" + " ".repeat(196)))
        .withMessageStartingWith("at character 201: limits have at most 200 characters");
  }

  @Property
  void whatIsPrintedReadsBack(@ForAll("limits") Limits limits) {
    assertThat(Limits.parse(limits.toString())).isEqualTo(limits);
  }

  @Property(tries = 10_000)
  void theSchemaTakesWhatTheParserTakes(@ForAll("nearlyLimits") String text) {
    String once = Limits.ONCE_RULE.substring("!self.matches(r'".length()).replace("')", "");
    boolean schema =
        text.matches(Limits.PATTERN) && !text.matches(".*(" + once + ").*") && text.length() <= 200;

    Exception refused = catchException(() -> Limits.parse(text));

    assertThat(refused == null).as(text).isEqualTo(schema);
  }

  @Provide
  Arbitrary<Limits> limits() {
    return Arbitraries.of(Limits.Per.class)
        .set()
        .ofMinSize(1)
        .flatMap(
            windows ->
                Arbitraries.longs()
                    .between(0, 999_999_999_999_999L)
                    .list()
                    .ofSize(windows.size())
                    .map(amounts -> of(List.copyOf(windows), amounts)));
  }

  private static Limits of(List<Limits.Per> windows, List<Long> amounts) {
    return new Limits(
        IntStream.range(0, windows.size())
            .mapToObj(i -> new Limits.Limit(amounts.get(i), windows.get(i)))
            .toList());
  }

  @Provide
  Arbitrary<String> nearlyLimits() {
    Arbitrary<String> blank = Arbitraries.of("", "", "", "", "", "", " ", " ", "\t");
    Arbitrary<String> amount = Arbitraries.of("1", "0", "007", "123456789012345", "", "x", "-1");
    Arbitrary<String> window =
        Arbitraries.of("second", "minutes", "hour", "day", "days", "weeks", "month", "hr", "");
    Arbitrary<String> limit =
        Combinators.combine(blank, amount, blank, Arbitraries.of("/", "/", "/", "//"), window)
            .as((b1, number, b2, slash, word) -> b1 + number + b2 + slash + b1 + word + b2);
    return limit
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .flatMap(parts -> Arbitraries.of(";", ",", " ").map(d -> String.join(d, parts)));
  }
}
