package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DecayingAverageTest {
  private static final long HALF_LIFE_MILLIS = 60_000;
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

  private final DecayingAverage average = new DecayingAverage(1_000, 0.2, HALF_LIFE_MILLIS, START);

  @Test
  void isWhatWasExpectedUntilThereAreValues() {
    assertThat(average.at(START)).isEqualTo(1_000);
    assertThat(average.at(after(3_600))).isEqualTo(1_000);
  }

  @Test
  void movesAFixedPartTowardsEachValue() {
    average.add(2_000, START);
    assertThat(average.at(START)).isEqualTo(1_200);

    average.add(2_000, START);
    assertThat(average.at(START)).isEqualTo(1_360);
  }

  @Test
  void comesCloseToWhatIsSeenAgainAndAgain() {
    for (int i = 0; i < 50; i++) {
      average.add(300, START);
    }
    assertThat(average.at(START)).isCloseTo(300, within(1.0));
  }

  @Test
  void driftsBackToWhatWasExpected() {
    average.add(6_000, START);

    assertThat(average.at(START)).isEqualTo(2_000);
    assertThat(average.at(after(60))).isCloseTo(1_500, within(1.0));
    assertThat(average.at(after(120))).isCloseTo(1_250, within(1.0));
    assertThat(average.at(after(3_600))).isCloseTo(1_000, within(0.001));
  }

  /// Past the largest time, as [System#nanoTime()] may go.
  private static long after(int seconds) {
    return START + TimeUnit.SECONDS.toNanos(seconds);
  }
}
