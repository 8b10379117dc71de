package ai.oneflow.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueFormatsTest {

  @ParameterizedTest
  @CsvSource({"800ms,800", "0s,0", "60s,60000", "1m,60000", "2h,7200000", "90d,7776000000"})
  void readsDurations(String text, long millis) {
    assertThat(DurationFormat.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"60000,60s", "120000,2m", "7200000,2h", "604800000,7d", "1500,1500ms", "0,0s"})
  void writesDurationsAsPeopleDo(long millis, String text) {
    assertThat(DurationFormat.format(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "30 s", "-30s", "1.5h", "1h30m", "30S", "9999999999s", "30s\n"})
  void saysHowADurationIsWritten(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationFormat.parse(text))
        .withMessageContaining("as in 800ms, 30s, 5m, 2h or 90d");
  }

  @Property
  void aDurationReadsBack(@ForAll @LongRange(min = 0, max = 999_999_999) long millis) {
    Duration duration = Duration.ofMillis(millis);

    String text = DurationFormat.format(duration);

    assertThat(text).matches(DurationFormat.PATTERN);
    assertThat(DurationFormat.parse(text)).isEqualTo(duration);
  }

  @Property
  void aSizeReadsBack(
      @ForAll @LongRange(min = 1, max = 999_999_999) long amount, @ForAll("units") String unit) {
    ByteSize size = ByteSize.parse(amount + unit);

    assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({"10Mi,10485760", "512Ki,524288", "1Gi,1073741824", "100,100"})
  void readsSizes(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "10MB", "10 Mi", "-1", "1.5Mi", "10mi"})
  void saysHowASizeIsWritten(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("as in 10Mi");
  }

  @Property(tries = 10_000)
  void whatTheRuleTakesForAUrlIsOneForJava(@ForAll("nearlyUrls") String text) {
    String rule = HttpUrl.RULE;
    String pattern = rule.substring(rule.indexOf('\'') + 1, rule.lastIndexOf('\''));
    boolean plain = !text.contains("?") && !text.contains("#") && !text.contains("@");

    if (plain && text.matches(pattern)) {
      assertThat(URI.create(text).getHost()).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[::1]", "[::]", "[fe80::1:2]", "[1:2:3:4:5:6:7:8]", "127.0.0.1"})
  void anAddressIsAHost(String host) {
    String rule = HttpUrl.RULE;
    String pattern = rule.substring(rule.indexOf('\'') + 1, rule.lastIndexOf('\''));

    assertThat("http://" + host + ":8080/v1").matches(pattern);
  }

  @Provide
  Arbitrary<String> nearlyUrls() {
    Arbitrary<String> rest = Arbitraries.strings().withChars("ab1.-:/[]%_~?#@ ").ofMaxLength(12);
    Arbitrary<String> address =
        Arbitraries.of("", "1", "ab", "00a1", "12345")
            .list()
            .ofMaxSize(9)
            .map(groups -> "[" + String.join(":", groups) + "]");
    Arbitrary<String> numbers =
        Arbitraries.of("0", "9", "10", "099", "199", "255", "256", "1000")
            .list()
            .ofMinSize(3)
            .ofMaxSize(5)
            .map(bytes -> String.join(".", bytes));
    Arbitrary<String> any = Arbitraries.oneOf(rest, address, numbers);
    return Arbitraries.of("http://", "https://", "ftp://", "").flatMap(s -> any.map(r -> s + r));
  }

  @Provide
  Arbitrary<String> units() {
    return Arbitraries.of("", "Ki", "Mi", "Gi");
  }
}
