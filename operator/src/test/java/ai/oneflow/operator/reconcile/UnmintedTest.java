package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.status.Report;
import ai.oneflow.operator.status.Reporter;
import ai.oneflow.operator.status.Spends;
import ai.oneflow.operator.status.Statuses;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnmintedTest {
  private static final String QUOTA = "secrets \"search-key\" is forbidden: exceeded quota: small";

  private final Unminted unminted = new Unminted();
  private final ApiKey key =
      Serialization.unmarshal(
          """
          apiVersion: oneflow.ai/v1alpha1
          kind: ApiKey
          metadata: {namespace: ai, name: search, uid: u, generation: 1}
          spec: {user: alice}
          """,
          ApiKey.class);

  private static KubernetesClientException failure(int code) {
    return new KubernetesClientException(
        "no", code, new StatusBuilder().withCode(code).withMessage(QUOTA).build());
  }

  private Report report() {
    Resources alone =
        new Resources(
            List.of(),
            List.of(),
            List.of(),
            List.of(key),
            List.of(),
            List.of(),
            List.of(),
            unminted.words());
    return Reporter.report(Resolution.of(alone).judgements().firstEntry().getValue(), List.of());
  }

  private static List<ConditionReason> troubles(Report report) {
    return report.troubles().stream().map(Verdict::reason).toList();
  }

  private List<String> conditions(Report report) {
    return new Statuses(report, Instant.EPOCH)
            .key(key, null, Optional.empty(), new Spends.Told(Optional.empty(), Optional.empty()))
            .conditions()
            .stream()
            .map(Condition::getType)
            .toList();
  }

  @Test
  void nobodyIsWarnedOfAKeyThatIsAboutToBeMinted() {
    assertThat(troubles(report())).isEmpty();
    assertThat(conditions(report())).contains("Reconciling").doesNotContain("Stalled");
  }

  @Test
  void whatTheApiServerSaysOfARefusedSecretIsSaidOfTheKey() {
    assertThat(unminted.note(key, failure(403))).isTrue();

    Report report = report();

    assertThat(troubles(report)).containsExactly(ConditionReason.SECRET_REFUSED);
    assertThat(report.troubles().getFirst().message())
        .isEqualTo("Secret ai/search-key with the key cannot be made: " + QUOTA);
    assertThat(conditions(report)).contains("Stalled").doesNotContain("Reconciling");
  }

  @Test
  void theSameRefusalIsNoNewsAndItsEndIs() {
    assertThat(unminted.note(key, failure(403))).isTrue();
    assertThat(unminted.note(key, failure(403))).isFalse();
    assertThat(unminted.clear(key)).isTrue();
    assertThat(unminted.clear(key)).isFalse();
    assertThat(troubles(report())).isEmpty();
  }

  @Test
  void anApiServerThatIsAwayOrHasTooMuchToDoRefusesNothing() {
    for (int code : List.of(0, 409, 429, 503)) {
      assertThat(unminted.note(key, failure(code))).as("%d", code).isFalse();
    }
    assertThat(troubles(report())).isEmpty();
  }
}
