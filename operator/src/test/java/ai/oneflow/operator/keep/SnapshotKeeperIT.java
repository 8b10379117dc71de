package ai.oneflow.operator.keep;

import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.ObjectStore;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotKeeperIT {
  /// A look waits for its turn among changes.
  private static final Duration SOON = SnapshotKeeper.EVERY.plusSeconds(5);

  @Test
  void whatSomebodyDeletesComesBackWithoutAChange() throws IOException {
    try (ObjectStore store = ObjectStore.start();
        Announcer announcer = new Announcer(store.client(), Clock.systemUTC());
        SnapshotKeeper keeper = keeper(store, announcer)) {
      keeper.keep(gateway(), snapshot());
      await().until(() -> store.names().contains("main-gateway-snapshot-a-0"));
      store.clear();

      keeper.keep(gateway(), snapshot());
      keeper.lookAgain();

      await().atMost(SOON).until(() -> store.names().contains("main-gateway-snapshot-a-0"));
    }
  }

  private static SnapshotKeeper keeper(ObjectStore store, Announcer announcer) {
    SnapshotSecrets secrets = new SnapshotSecrets(store.client(), Clock.systemUTC());
    return new SnapshotKeeper(secrets, announcer);
  }

  private static GatewaySnapshot snapshot() {
    return GatewaySnapshot.of(
        List.of(
            new GatewayEntry("ai", "main", 1, 1, List.of(), Optional.empty(), Optional.empty())));
  }

  private static LLMGateway gateway() {
    return Manifests.parse(
            """
            apiVersion: oneflow.ai/v1alpha1
            kind: LLMGateway
            metadata: {name: main, namespace: ai, uid: one}
            spec: {}
            """)
        .list(LLMGateway.class)
        .getFirst();
  }
}
