package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayRunTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final GatewayRun run = new GatewayRun(new GatewayId("ai", "main"));

  @Test
  void aChangeTakesUntilTheLastPodRunsIt() {
    GatewaySnapshot first = build(1);
    GatewaySnapshot second = build(2);

    assertThat(converged(200, second, first)).isEmpty();
    assertThat(converged(300, second, second)).contains(Duration.ofMillis(300));
    assertThat(converged(900, second, second)).contains(Duration.ofMillis(300));
  }

  @Test
  void whatIsBuiltFirstIsNoChange() {
    GatewaySnapshot first = build(1);

    assertThat(converged(9_000, first)).isEmpty();
  }

  @Test
  void aPodThatComesLaterWasNotWaitedFor() {
    build(1);
    GatewaySnapshot second = build(2);
    assertThat(converged(100)).isEmpty();

    assertThat(converged(9_000, second)).isEmpty();
  }

  private GatewaySnapshot build(int generation) {
    Resolution resolution =
        Resolution.of(
            Manifests.parse(
                    """
                    apiVersion: oneflow.ai/v1alpha1
                    kind: LLMGateway
                    metadata: {name: main, namespace: ai, generation: %d}
                    spec: {}
                    """
                        .formatted(generation))
                .resources());
    return run.build(resolution, NOW).snapshot();
  }

  private Optional<Duration> converged(int millis, GatewaySnapshot... pods) {
    List<Instance> instances =
        List.of(pods).stream()
            .map(snapshot -> new Instance("main", Optional.of(snapshot), Optional.empty()))
            .toList();
    return run.converge(instances, pods.length, NOW.plusMillis(millis)).lasted();
  }
}
