package ai.oneflow.operator.build;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.status.Reporter;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuarantineTest {
  private static final GatewayId MAIN = new GatewayId("ai", "main");
  private static final EntryKey PROVIDER = new EntryKey(Kind.LLM_PROVIDER, "ai", "openai");
  private static final EntryKey POLICY = new EntryKey(Kind.ROUTING_POLICY, "ai", "smart");
  private static final EntryKey GATEWAY = MAIN.entryKey();

  private final Resolution before = resolution(1, "gpt-4o");
  private final Resolution after = resolution(2, "gpt-4o");
  private final GatewaySnapshot good = build(before, Quarantine.EMPTY).snapshot();
  private final GatewaySnapshot bad = build(after, Quarantine.EMPTY).snapshot();

  @Test
  void whatWasGoodStaysInForceWhileTheRestGoesOn() {
    Quarantine quarantine = refused(PROVIDER, bad, Optional.of(good));

    Built built = build(after, quarantine);

    assertThat(entry(built, PROVIDER)).isEqualTo(good.entries().get(PROVIDER));
    assertThat(entry(built, POLICY)).isEqualTo(bad.entries().get(POLICY));
    assertThat(built.held()).containsOnlyKeys(PROVIDER);
  }

  @Test
  void whatWasNeverGoodIsLeftOutAndItsDependentsWait() {
    Built built = build(before, refused(PROVIDER, good, Optional.empty()));

    assertThat(built.snapshot().entries()).containsOnlyKeys(GATEWAY);
    assertThat(built.waits().get(POLICY))
        .containsExactly("waits for LLMProvider ai/openai, which cannot be served");
  }

  @Test
  void aPolicyIsHeldByWhatWasSentOfIt() {
    Quarantine quarantine = refused(POLICY, bad, Optional.of(good));

    Built built = build(after, quarantine);

    assertThat(entry(built, POLICY)).isEqualTo(good.entries().get(POLICY));
    assertThat(entry(built, PROVIDER)).isEqualTo(bad.entries().get(PROVIDER));
  }

  @Test
  void aChangeOfTheResourceLiftsIt() {
    Quarantine quarantine = refused(PROVIDER, bad, Optional.of(good));

    Built built = build(resolution(3, "gpt-4o"), quarantine);

    assertThat(built.held()).isEmpty();
    assertThat(entry(built, PROVIDER).generation()).isEqualTo(3);
    assertThat(quarantine.retaining(built.held().keySet())).isEqualTo(Quarantine.EMPTY);
  }

  @Test
  void aDependentWaitsForWhatTheOldContentLacks() {
    Resolution renamed = resolution(2, "gpt-5");
    GatewaySnapshot sent = build(renamed, Quarantine.EMPTY).snapshot();

    Built built = build(renamed, refused(PROVIDER, sent, Optional.of(good)));

    assertThat(built.snapshot().entries()).doesNotContainKey(POLICY);
    assertThat(built.waits().get(POLICY))
        .containsExactly("waits for LLMProvider ai/openai to be accepted with model gpt-5");
  }

  @Test
  void aSecondGatewayThatRefusesTheSameChangesNothing() {
    Quarantine once = refused(PROVIDER, bad, Optional.of(good));

    Quarantine twice = once.with("main-1", refusal(PROVIDER), bad, Optional.of(bad));

    assertThat(twice).isEqualTo(once);
  }

  @Test
  void whatStandsInAndIsRefusedAsWellIsLeftOut() {
    Quarantine once = refused(PROVIDER, bad, Optional.of(good));

    Quarantine twice = once.with("main-1", refusal(PROVIDER), good, Optional.empty());

    assertThat(build(after, twice).snapshot().entries()).containsOnlyKeys(GATEWAY);
    assertThat(build(after, twice).held()).containsOnlyKeys(PROVIDER);
  }

  @Test
  void aRefusalOfTheWholeQuarantinesNothing() {
    Refusal whole = new Refusal(Optional.empty(), "cannot read it");

    assertThat(Quarantine.EMPTY.with("main-0", List.of(whole), bad, Optional.of(good)))
        .isEqualTo(Quarantine.EMPTY);
  }

  @Test
  void theGatewaysWordsReachTheStatus() {
    Built built = build(after, refused(PROVIDER, bad, Optional.of(good)));

    assertThat(programmed(after, PROVIDER, built))
        .isEqualTo(
            "Rejected: gateway main-0 of ai/main refuses it: no socket to it; generation 1 stays in"
                + " force");
    assertThat(programmed(after, POLICY, built)).startsWith("Programmed: 1 of 1 gateways run");
  }

  private static String programmed(Resolution resolution, EntryKey key, Built built) {
    Judgement judgement = resolution.judgements().get(key);
    assertThat(judgement).isNotNull();
    Instance pod = new Instance("main-0", Optional.of(built.snapshot()), Optional.empty());
    Verdict verdict =
        Reporter.report(judgement, List.of(new Serving(built, List.of(pod), Map.of())))
            .conditions()
            .get(2);
    return verdict.reason().text() + ": " + verdict.message();
  }

  private static Entry entry(Built built, EntryKey key) {
    Entry entry = built.snapshot().entries().get(key);
    return Objects.requireNonNull(entry, key::toString);
  }

  private static Quarantine refused(
      EntryKey key, GatewaySnapshot sent, Optional<GatewaySnapshot> kept) {
    return Quarantine.EMPTY.with("main-0", refusal(key), sent, kept);
  }

  private static List<Refusal> refusal(EntryKey key) {
    return List.of(new Refusal(Optional.of(key), "no socket to it"));
  }

  private static Built build(Resolution resolution, Quarantine quarantine) {
    return SnapshotBuilder.build(MAIN, resolution, quarantine);
  }

  private static Resolution resolution(int generation, String model) {
    return Resolution.of(
        Manifests.parse(
                """
                apiVersion: oneflow.ai/v1alpha1
                kind: LLMGateway
                metadata: {name: main, namespace: ai}
                spec: {}
                ---
                apiVersion: oneflow.ai/v1alpha1
                kind: LLMProvider
                metadata: {name: openai, namespace: ai, generation: %1$d}
                spec: {dialect: OpenAI, models: [{name: %2$s}]}
                ---
                apiVersion: oneflow.ai/v1alpha1
                kind: RoutingPolicy
                metadata: {name: smart, namespace: ai, generation: %1$d}
                spec: {models: [smart], targets: [{provider: {name: openai}, model: %2$s}]}
                """
                    .formatted(generation, model))
            .resources());
  }
}
