package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.resolve.Verdict;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceReaderTest {
  private final KubernetesSerialization serialization = ResourceReader.serialization();

  @Test
  void readsAResource() {
    assertThat(read("2027-01-01T00:00:00Z").getSpec().user()).isEqualTo("alice");
  }

  @Test
  void whatCannotBeReadIsJudgedAndSaysWhere() {
    ApiKey key = read("2027-01-01T00:00:00+23:59");
    Resources alone =
        new Resources(
            List.of(), List.of(), List.of(), List.of(key), List.of(), List.of(), List.of());

    Judgement judgement = Resolution.of(alone).judgements().firstEntry().getValue();

    assertThat(judgement.entry()).isEmpty();
    Verdict accepted = judgement.accepted();
    assertThat(accepted.holds()).isFalse();
    assertThat(accepted.message()).startsWith("spec.expiresAt cannot be read: ");
  }

  private ApiKey read(String expiresAt) {
    return serialization.unmarshal(
        """
        {"apiVersion": "oneflow.ai/v1alpha1", "kind": "ApiKey",
         "metadata": {"name": "search", "namespace": "ai"},
         "spec": {"user": "alice", "expiresAt": "%s"}}"""
            .formatted(expiresAt),
        ApiKey.class);
  }
}
