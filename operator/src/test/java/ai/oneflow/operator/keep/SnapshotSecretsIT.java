package ai.oneflow.operator.keep;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.ObjectStore;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotSecretsIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final LLMGateway gateway = gateway("one");
  private ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    store = ObjectStore.start();
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void theNextOperatorReadsWhatWasWrittenLast() {
    secrets(NOW).write(gateway, snapshot(1));
    secrets(NOW.plusSeconds(1)).write(gateway, snapshot(2));

    assertThat(secrets(NOW).read(gateway)).contains(snapshot(2));
    assertThat(store.names())
        .containsExactly("main-gateway-snapshot-a-0", "main-gateway-snapshot-b-0");
  }

  @Test
  void whatIsWrittenLastIsTheNewestWhateverTheClocksSay() {
    secrets(NOW.plusSeconds(60)).write(gateway, snapshot(1));

    SnapshotSecrets behind = secrets(NOW);
    behind.write(gateway, snapshot(2));
    assertThat(behind.read(gateway)).contains(snapshot(2));
    behind.write(gateway, snapshot(3));

    assertThat(behind.read(gateway)).contains(snapshot(3));
  }

  @Test
  void whatIsOfAnotherLLMGatewayOfThatNameIsNotRead() {
    secrets(NOW).write(gateway, snapshot(1));

    assertThat(secrets(NOW).read(gateway("another"))).isEmpty();
  }

  private SnapshotSecrets secrets(Instant now) {
    return new SnapshotSecrets(store.client(), InstantSource.fixed(now));
  }

  private static GatewaySnapshot snapshot(int generation) {
    return GatewaySnapshot.of(
        List.of(
            new GatewayEntry(
                "ai", "main", generation, 1, List.of(), Optional.empty(), Optional.empty())));
  }

  private static LLMGateway gateway(String uid) {
    return Manifests.parse(
            """
            apiVersion: oneflow.ai/v1alpha1
            kind: LLMGateway
            metadata: {name: main, namespace: ai, uid: %s}
            spec: {}
            """
                .formatted(uid))
        .list(LLMGateway.class)
        .getFirst();
  }
}
