package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.simulator.recording.Splitting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
  @Test
  void nothingSaidIsAnHonestAnswer() {
    assertThat(Script.parse("")).isEqualTo(Script.HONEST);
  }

  @Test
  void readsPairsPartedBySpacesOrCommas() {
    Script script = Script.parse("first-byte=2s,gap=15ms tokens=7, split=every-byte");
    assertThat(script.timing())
        .isEqualTo(new Timing(Duration.ofSeconds(2), Duration.ofMillis(15), 0));
    assertThat(script.shape().tokens()).isEqualTo(7);
    assertThat(script.shape().splitting()).isEqualTo(new Splitting.EveryByte());
  }

  @Test
  void readsQuotedBodies() {
    assertThat(Script.parse("status=500 body='{\"a\": 1, \"b\": 2}'").outcome())
        .isInstanceOfSatisfying(
            Outcome.Fixed.class,
            fixed -> assertThat(fixed.body()).isEqualTo("{\"a\": 1, \"b\": 2}"));
  }

  @Test
  void readsHowFarAnAnswerGets() {
    assertThat(Script.parse("outcome=stall after=0").outcome())
        .isEqualTo(new Outcome.Stall(new Point.AfterParts(0)));
    assertThat(Script.parse("outcome=truncate at=after-headers").outcome())
        .isEqualTo(new Outcome.Truncate(new Point.AfterHeaders()));
    assertThat(Script.parse("outcome=reset").outcome())
        .isEqualTo(new Outcome.Reset(new Point.MidBody()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explode",
        "outcome=explode",
        "status=99",
        "status=abc",
        "gap=3",
        "tokens=-1",
        "at=noon outcome=reset",
        "split=halves",
        "usage=never",
        "jitter=101",
        "body='open",
        "outcome=stall after=-1",
        "gap=99999999999999999999ms",
        "gap=999999999m"
      })
  void refusesWhatItDoesNotKnow(String words) {
    assertThatThrownBy(() -> Script.parse(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).{15,}")
        .hasMessageNotContaining("For input string");
  }
}
