package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TriggerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Trigger trigger = new Trigger(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void whoMustLookAtAMomentIsGivenNoReasonsThen() throws InterruptedException {
    assertThat(trigger.await(Optional.of(NOW)).needBuild()).isFalse();
  }

  @Test
  void aReasonIsTakenOnce() throws InterruptedException {
    trigger.resourcesChanged();

    assertThat(trigger.await(Optional.empty()).resourcesSince()).contains(NOW);
    assertThat(trigger.await(Optional.of(NOW)).resourcesSince()).isEmpty();
  }
}
