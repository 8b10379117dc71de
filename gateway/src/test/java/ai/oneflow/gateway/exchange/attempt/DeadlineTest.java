package ai.oneflow.gateway.exchange.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.error.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The timeouts are 30 s for a whole answer, 5 s for a stream's first piece and 2 s for a gap.
final class DeadlineTest {

  @ParameterizedTest(name = "stream {0}, progress after {1} s: {2} s from the start")
  @CsvSource({
    "false, -1, 30",
    "false, 7, 30",
    "true, -1, 5",
    "true, 0, 2",
    "true, 4, 6",
    "true, 100, 102",
  })
  void passesAtItsMomentAndNotBefore(boolean stream, long progressAfter, long seconds) {
    long start = System.nanoTime();
    Deadline deadline = new Deadline(Configurations.timeouts(), stream, start);
    if (progressAfter >= 0) {
      deadline.progress(start + TimeUnit.SECONDS.toNanos(progressAfter));
    }
    long at = start + TimeUnit.SECONDS.toNanos(seconds);

    assertThat(deadline.passed(at - 1)).isFalse();
    assertThat(deadline.passed(at)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1_000, -3})
  void standsAClockThatRunsOver(long start) {
    Deadline deadline = new Deadline(Configurations.timeouts(), false, start);

    assertThat(deadline.passed(start)).isFalse();
    assertThat(deadline.passed(start + TimeUnit.SECONDS.toNanos(31))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, The provider did not answer within 30000 ms.",
    "false, true, The provider did not answer within 30000 ms.",
    "true, false, The provider's stream did not begin within 5000 ms.",
    "true, true, The provider's stream paused for 2000 ms.",
  })
  void saysWhatTookTooLong(boolean stream, boolean begun, String message) {
    Deadline deadline = new Deadline(Configurations.timeouts(), stream, 0);
    if (begun) {
      deadline.progress(1);
    }

    assertThat(deadline.error().code()).isEqualTo(ErrorCode.PROVIDER_TIMEOUT);
    assertThat(deadline.error().message()).isEqualTo(message);
  }
}
