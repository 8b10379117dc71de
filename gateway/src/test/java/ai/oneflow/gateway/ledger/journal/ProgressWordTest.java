package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ProgressWordTest {
  @Property
  void tokensComeBackAsTheyWere(@ForAll @LongRange(min = 0, max = (1L << 47) - 1) long tokens) {
    assertThat(ProgressWord.tokens(ProgressWord.of(tokens))).isEqualTo(tokens);
  }

  @Property
  void aByteThatIsWrongMakesThemNone(
      @ForAll @LongRange(min = 0, max = 1 << 30) long tokens,
      @ForAll @IntRange(max = 7) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    long damaged = ProgressWord.of(tokens) ^ ((long) change << (8 * place));

    assertThat(ProgressWord.tokens(damaged)).isIn(0L, tokens);
  }

  @Test
  void absurdNumbersAreCut() {
    assertThat(ProgressWord.tokens(ProgressWord.of(-1))).isZero();
    assertThat(ProgressWord.tokens(ProgressWord.of(Long.MAX_VALUE))).isEqualTo((1L << 47) - 1);
  }
}
