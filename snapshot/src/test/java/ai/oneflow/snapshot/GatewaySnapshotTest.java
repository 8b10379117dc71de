package ai.oneflow.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GatewaySnapshotTest {
  private final GatewaySnapshot before =
      GatewaySnapshot.of(List.of(Examples.provider(1), Examples.route(), Examples.key()));

  @Test
  void versionIsThatOfTheContentInWhateverOrder() {
    GatewaySnapshot same =
        GatewaySnapshot.of(List.of(Examples.key(), Examples.provider(1), Examples.route()));

    assertThat(same.version()).isEqualTo(before.version());
  }

  @Test
  void aNewGenerationMakesANewVersion() {
    GatewaySnapshot after =
        GatewaySnapshot.of(List.of(Examples.provider(2), Examples.route(), Examples.key()));

    assertThat(after.version()).isNotEqualTo(before.version());
  }

  @Test
  void deltaHoldsWhatDiffersAndMakesTheOther() {
    GatewaySnapshot after =
        GatewaySnapshot.of(List.of(Examples.provider(2), Examples.route(), Examples.gateway()));

    Delta delta = Delta.between(before, after);

    assertThat(delta.upserts()).containsExactly(Examples.gateway(), Examples.provider(2));
    assertThat(delta.removals()).containsExactly(Examples.key().key());
    assertThat(delta.applyTo(before)).isEqualTo(after);
  }

  @Test
  void refusesTwoEntriesOfOneKey() {
    assertThatThrownBy(
            () -> GatewaySnapshot.of(List.of(Examples.provider(1), Examples.provider(2))))
        .hasMessage("two entries for LLMProvider ai/openai");
  }
}
