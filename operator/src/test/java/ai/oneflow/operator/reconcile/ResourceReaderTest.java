package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.resolve.Verdict;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
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
            List.of(),
            List.of(),
            List.of(),
            List.of(key),
            List.of(),
            List.of(),
            List.of(),
            Map.of());

    Judgement judgement = Resolution.of(alone).judgements().firstEntry().getValue();

    assertThat(judgement.entry()).isEmpty();
    Verdict accepted = judgement.accepted();
    assertThat(accepted.holds()).isFalse();
    assertThat(accepted.message()).startsWith("spec.expiresAt cannot be read: ");
  }

  @Test
  void fieldsOfALaterVersionArePassedOver() {
    ApiKey key =
        key(
            """
            "spec": {"user": "alice", "later": {"a": 1}}, "status": {"prefix": "of", "later": []}\
            """);

    assertThat(key.getSpec().user()).isEqualTo("alice");
    assertThat(key.getStatus().prefix()).isEqualTo("of");
  }

  @Test
  void aStatusThatCannotBeReadIsNone() {
    ApiKey key =
        key("\"spec\": {\"user\": \"alice\"}, \"status\": {\"prefix\": {\"as\": \"list\"}}");

    assertThat(key.getSpec().user()).isEqualTo("alice");
    assertThat(key.getStatus()).isNull();
  }

  private ApiKey read(String expiresAt) {
    return key("\"spec\": {\"user\": \"alice\", \"expiresAt\": \"%s\"}".formatted(expiresAt));
  }

  private ApiKey key(String specAndStatus) {
    return serialization.unmarshal(
        """
        {"apiVersion": "oneflow.ai/v1alpha1", "kind": "ApiKey",
         "metadata": {"name": "search", "namespace": "ai"}, %s}\
        """
            .formatted(specAndStatus),
        ApiKey.class);
  }
}
