package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.resolve.Resolution;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretChangesTest {
  private final Trigger trigger = new Trigger(Clock.systemUTC());
  private final SecretChanges changes = new SecretChanges(trigger);

  @Test
  void beforeAnybodyLookedAnySecretMayMatter() throws InterruptedException {
    changes.accept(secret("any"));

    assertThat(startsATurn()).isTrue();
  }

  @Test
  void aSecretThatNobodyRefersToStartsNoTurn() throws InterruptedException {
    List<Secret> heard = new ArrayList<>();
    changes.tell(heard::add);
    changes.reading();
    changes.refer(Set.of("ai/openai"));

    changes.accept(secret("rewritten-each-second"));
    assertThat(startsATurn()).isFalse();
    assertThat(heard).hasSize(1);

    changes.accept(secret("openai"));
    assertThat(startsATurn()).isTrue();
  }

  @Test
  void aSecretThatChangedWhileAResourceCameToReferToItStartsATurn() throws InterruptedException {
    changes.reading();
    changes.refer(Set.of());
    changes.reading();
    changes.accept(secret("openai"));
    assertThat(startsATurn()).isFalse();

    changes.refer(Set.of("ai/openai"));
    assertThat(startsATurn()).isTrue();

    changes.reading();
    changes.refer(Set.of("ai/openai"));
    assertThat(startsATurn()).isFalse();
  }

  @Test
  void whatResourcesReferToIsKnownAlsoWhereItIsNotThere() {
    Resolution resolution =
        Resolution.of(
            Manifests.parse(
                    """
                    apiVersion: oneflow.ai/v1alpha1
                    kind: LLMGateway
                    metadata: {name: main, namespace: ai}
                    spec:
                      redis: {url: "redis://redis", secretRef: {name: redis, key: password}}
                    ---
                    apiVersion: oneflow.ai/v1alpha1
                    kind: LLMProvider
                    metadata: {name: openai, namespace: ai}
                    spec:
                      dialect: OpenAI
                      credentials: [{secretRef: {name: openai}}]
                      models: [{name: m}]
                    ---
                    apiVersion: oneflow.ai/v1alpha1
                    kind: ApiKey
                    metadata: {name: search, namespace: ai, uid: u}
                    spec: {user: alice}
                    """)
                .resources());

    assertThat(resolution.secrets())
        .containsExactlyInAnyOrder("ai/redis", "ai/openai", "ai/search-key");
  }

  private boolean startsATurn() throws InterruptedException {
    return trigger.await(Optional.of(Instant.EPOCH)).needBuild();
  }

  private static Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("ai")
        .withName(name)
        .endMetadata()
        .build();
  }
}
