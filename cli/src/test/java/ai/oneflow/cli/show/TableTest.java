package ai.oneflow.cli.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
  @Test
  void columnsStandBelowEachOther() {
    Table table = new Table("NAME", "AGE");
    table.add("alice", "3d");
    table.add("b", "");

    assertThat(table).hasToString("NAME    AGE\nalice   3d\nb       <none>\n");
  }

  @Test
  void aTextDoesNotMoveTheCursor() {
    assertThat(Table.plain("a\u001b[2Jb\n")).isEqualTo("a?[2Jb?");
  }

  @ParameterizedTest
  @CsvSource({
    "119, 119s",
    "120, 2m",
    "7199, 119m",
    "7200, 2h",
    "172799, 47h",
    "172800, 2d",
    "-5, 0s"
  })
  void spansAreShownInTheLargestUnitOfWhichThereAreTwo(long seconds, String shown) {
    assertThat(Span.shown(Duration.ofSeconds(seconds))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250", "30s, 30000", "2m, 120000", "1h, 3600000", "7d, 604800000"})
  void spansAreReadAsResourcesHaveThem(String text, long millis) {
    assertThat(Span.parse(text)).hasMillis(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "7 days", "-7d", "7w", "99999999999d"})
  void whatIsNoSpanIsRefusedInASentence(String text) {
    assertThatThrownBy(() -> Span.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("as in 30s or 7d");
  }
}
