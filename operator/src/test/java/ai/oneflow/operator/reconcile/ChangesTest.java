package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Trigger trigger = new Trigger(Clock.fixed(NOW, ZoneOffset.UTC));
  private boolean overwritten;
  private final Changes changes = new Changes(trigger, _ -> overwritten);

  @Test
  void ourOwnStatusIsNoConcernAndWhatWasWrittenOverItIs() throws InterruptedException {
    assertThat(changes.concern(quota(1), quota(1))).isFalse();
    assertThat(changes.concern(quota(2), quota(1))).isTrue();

    overwritten = true;

    assertThat(changes.concern(quota(1), quota(1))).isTrue();
    changes.note(quota(1), false);
    assertThat(trigger.await(Optional.empty()).needBuild()).isTrue();
    changes.note(quota(1), false);
    assertThat(trigger.await(Optional.empty()).needBuild()).isTrue();
  }

  private static QuotaPolicy quota(long generation) {
    QuotaPolicy quota = new QuotaPolicy();
    quota.setMetadata(new ObjectMetaBuilder().withUid("uid").withGeneration(generation).build());
    return quota;
  }
}
