package ai.oneflow.operator.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Pace pace = new Pace(3, Duration.ofSeconds(10));

  private int taken(Instant at, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += pace.take(at) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void someAtOnceAndThenOneNowAndThen() {
    assertThat(taken(START, 10)).isEqualTo(3);
    assertThat(taken(START.plusSeconds(9), 10)).isZero();
    assertThat(taken(START.plusSeconds(10), 10)).isEqualTo(1);
    assertThat(taken(START.plusSeconds(30), 10)).isEqualTo(2);
  }

  @Test
  void aRestGivesAllBackAndNoMore() {
    taken(START, 10);

    assertThat(taken(START.plusSeconds(10_000), 10)).isEqualTo(3);
  }

  @Test
  void saysWhenThereIsOne() {
    assertThat(pace.next(START)).isEqualTo(START);
    taken(START, 10);

    assertThat(pace.next(START.plusSeconds(4))).isEqualTo(START.plusSeconds(10));
    assertThat(pace.next(START.plusSeconds(11))).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void aClockThatIsPutBackKeepsNothingForLong() {
    taken(START, 10);
    Instant back = START.minusSeconds(3600);

    assertThat(taken(back, 10)).isZero();
    assertThat(pace.next(back)).isEqualTo(back.plusSeconds(10));
    assertThat(taken(back.plusSeconds(10), 10)).isEqualTo(1);
  }
}
