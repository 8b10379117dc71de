package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RedisTimeTest {
  private final RedisTime time = new RedisTime();

  private static long uptime() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Test
  void isNotTurnedBackByAnAnswerThatWaitedForAProcessThatStoodStill() {
    time.heard(1_000_000, uptime());

    time.heard(980_000, uptime() - 20_000); // made 20 s ago, heard now

    assertThat(time.now()).isBetween(1_000_000L, 1_005_000L);
  }

  @Test
  void followsAClockThatWasSetBack() {
    time.heard(1_000_000, uptime());

    time.heard(400_000, uptime());

    assertThat(time.now()).isBetween(400_000L, 405_000L);
  }
}
