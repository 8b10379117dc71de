package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SaidStatusesTest {
  private static final QuotaPolicyStatus OURS = status(1);
  private static final QuotaPolicyStatus THEIRS = status(7);

  private final SaidStatuses said = new SaidStatuses();

  @Test
  void whatTheCacheShowsHoldsUntilSomethingIsSaid() {
    assertThat(said.of(shown("5", THEIRS))).isEqualTo(THEIRS);
    assertThat(said.isOverwritten(shown("5", THEIRS))).isFalse();
  }

  @Test
  void aCacheThatLagsBehindOverwritesNothing() {
    said.saying("uid", OURS);
    assertThat(said.of(shown("11", THEIRS))).isEqualTo(OURS);

    said.answered("uid", shown("10", OURS));

    assertThat(said.of(shown("9", THEIRS))).isEqualTo(OURS);
    assertThat(said.isOverwritten(shown("9", THEIRS))).isFalse();
    assertThat(said.isOverwritten(shown("10", OURS))).isFalse();
  }

  @Test
  void whatIsNewerThanOursAndAnotherIsOverwritten() {
    said.saying("uid", OURS);
    said.answered("uid", shown("10", OURS));

    assertThat(said.isOverwritten(shown("11", THEIRS))).isTrue();
    assertThat(said.of(shown("11", THEIRS))).isEqualTo(THEIRS);
    assertThat(said.isOverwritten(nothingShown("11"))).isTrue();
    assertThat(said.of(nothingShown("11"))).isNull();
  }

  @Test
  void aNewerVersionOfTheSameStatusIsOurs() {
    said.saying("uid", OURS);
    said.answered("uid", shown("10", OURS));

    assertThat(said.isOverwritten(shown("12", OURS))).isFalse();
  }

  @Test
  void whatTheApiServerMadeOfOursIsOurs() {
    said.saying("uid", OURS);
    said.answered("uid", shown("10", status(2)));

    assertThat(said.isOverwritten(shown("10", status(2)))).isFalse();
    assertThat(said.of(shown("10", status(2)))).isEqualTo(OURS);
  }

  @Test
  void versionsThatGrewADigitAreNewer() {
    said.saying("uid", OURS);
    said.answered("uid", shown("10", OURS));

    assertThat(said.isOverwritten(shown("9", THEIRS))).isFalse();
    assertThat(said.isOverwritten(shown("100", THEIRS))).isTrue();
  }

  @Test
  void whatIsGoneIsForgotten() {
    said.saying("uid", OURS);
    said.retain(Set.of("other"));

    assertThat(said.of(shown("1", THEIRS))).isEqualTo(THEIRS);
  }

  private static QuotaPolicy nothingShown(String version) {
    QuotaPolicy quota = new QuotaPolicy();
    quota.setMetadata(new ObjectMetaBuilder().withUid("uid").withResourceVersion(version).build());
    return quota;
  }

  private static QuotaPolicyStatus status(long generation) {
    return new QuotaPolicyStatus(generation, List.of());
  }

  private static QuotaPolicy shown(String version, QuotaPolicyStatus status) {
    QuotaPolicy quota = new QuotaPolicy();
    quota.setMetadata(new ObjectMetaBuilder().withUid("uid").withResourceVersion(version).build());
    quota.setStatus(status);
    return quota;
  }
}
