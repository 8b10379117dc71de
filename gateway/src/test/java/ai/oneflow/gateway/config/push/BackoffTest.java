package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Backoff backoff = new Backoff(() -> 1);

  @Test
  void waitsTwiceAsLongEachTimeUpToABound() {
    assertThat(backoff.next(AT_ONCE)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.next(AT_ONCE)).isEqualTo(Duration.ofMillis(400));
    for (int i = 0; i < 100; i++) {
      backoff.next(AT_ONCE);
    }
    assertThat(backoff.next(AT_ONCE)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aConnectionThatLastedIsNoFailureEvenIfTheOperatorHadNothingToSay() {
    backoff.next(AT_ONCE);
    backoff.next(AT_ONCE);

    assertThat(backoff.next(Duration.ofHours(1))).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void jitterIsFull() {
    assertThat(new Backoff(() -> 0).next(AT_ONCE)).isZero();
  }
}
