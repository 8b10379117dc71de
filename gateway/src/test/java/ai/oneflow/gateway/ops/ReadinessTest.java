package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ops.Readiness.Standing;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void waitsForTheFirstConfiguration() {
    assertThat(readiness.standing()).isInstanceOf(Standing.Waiting.class);
  }

  @Test
  void isReadyWithAConfiguration() {
    readiness.configured();

    assertThat(readiness.standing()).isEqualTo(new Standing.Ready());
  }

  @Test
  void aDrainIsNotUndoneByAConfiguration() {
    readiness.draining();
    readiness.configured();

    assertThat(readiness.standing()).isEqualTo(new Standing.Draining());
  }
}
