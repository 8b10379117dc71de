package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {

  @Test
  void whatFailedIsTriedForEver() {
    RetryExecution execution = ControlPlane.retry().initExecution();

    for (int i = 0; i < 1_000; i++) {
      assertThat(execution.nextDelay())
          .hasValueSatisfying(d -> assertThat(d).isBetween(1L, Duration.ofSeconds(30).toMillis()));
    }
  }
}
