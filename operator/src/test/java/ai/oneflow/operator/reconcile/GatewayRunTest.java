package ai.oneflow.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Refusal;
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
  void aClockThatIsPutBackMakesNoTimeLessThanNothing() {
    build(1);
    GatewaySnapshot second = build(2);

    assertThat(converged(-5_000, second)).contains(Duration.ZERO);
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

  @Test
  void whatAPodRefusedIsTriedAgainWhenThatPodHasGone() {
    GatewaySnapshot good = buildProvider(1);
    GatewaySnapshot bad = buildProvider(2);
    refuse("main-0", bad, good);
    Instance refuser = pod("main-0", good);
    Instance other = pod("main-1", good);
    assertThat(buildProvider(2)).isEqualTo(good);
    assertThat(run.lift(List.of(refuser, other), NOW)).isFalse();
    assertThat(run.nextLift()).isEmpty();

    assertThat(run.lift(List.of(other), NOW)).isFalse();
    assertThat(run.nextLift()).contains(NOW.plus(GatewayRun.GONE_AFTER));
    assertThat(run.lift(List.of(other), NOW.plus(GatewayRun.GONE_AFTER))).isTrue();

    assertThat(run.nextLift()).isEmpty();
    assertThat(buildProvider(2)).isEqualTo(bad);
    refuse("main-1", bad, good);
    assertThat(buildProvider(2)).as("one that refuses it too").isEqualTo(good);
  }

  @Test
  void aPodThatComesBackSoonHasNotGone() {
    GatewaySnapshot good = buildProvider(1);
    refuse("main-0", buildProvider(2), good);
    run.lift(List.of(), NOW);

    assertThat(run.lift(List.of(pod("main-0", good)), NOW.plusSeconds(9))).isFalse();
    assertThat(run.lift(List.of(), NOW.plusSeconds(11))).isFalse();
    assertThat(run.nextLift()).contains(NOW.plusSeconds(11).plus(GatewayRun.GONE_AFTER));
  }

  private void refuse(String pod, GatewaySnapshot sent, GatewaySnapshot kept) {
    Refusal refusal =
        new Refusal(Optional.of(new EntryKey(Kind.LLM_PROVIDER, "ai", "openai")), "no");
    Rejection rejection = new Rejection(sent.version(), List.of(refusal), sent, Optional.of(kept));
    run.refuse(new Trigger.Refusing(new GatewayId("ai", "main"), pod, rejection));
  }

  private static Instance pod(String name, GatewaySnapshot runs) {
    return new Instance(name, Optional.of(runs), Optional.empty());
  }

  private GatewaySnapshot buildProvider(int generation) {
    return build(
        """
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMGateway
        metadata: {name: main, namespace: ai}
        spec: {}
        ---
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMProvider
        metadata: {name: openai, namespace: ai, generation: %d}
        spec: {dialect: OpenAI, models: [{name: gpt-4o}]}
        """
            .formatted(generation));
  }

  private GatewaySnapshot build(int generation) {
    return build(
        """
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMGateway
        metadata: {name: main, namespace: ai, generation: %d}
        spec: {}
        """
            .formatted(generation));
  }

  private GatewaySnapshot build(String manifests) {
    Resolution resolution = Resolution.of(Manifests.parse(manifests).resources());
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
