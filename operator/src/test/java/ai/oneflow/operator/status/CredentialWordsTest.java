package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.RefusedCredentials.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialWordsTest {
  private static final EntryKey OPENAI = new EntryKey(Kind.LLM_PROVIDER, "ai", "openai");

  private static Refused refused(int place, boolean formerServes) {
    return new Refused("ai", "openai", place, formerServes);
  }

  private static Optional<String> said(List<List<Refused>> pods) {
    return verdict(pods).map(Verdict::message);
  }

  private static Optional<Verdict> verdict(List<List<Refused>> pods) {
    List<Instance> instances =
        pods.stream()
            .map(
                refused ->
                    new Instance(
                        "pod", Optional.empty(), Optional.empty(), Optional.empty(), refused))
            .toList();
    Built built =
        new Built(
            new GatewayId("ai", "main"),
            GatewaySnapshot.of(List.of()),
            Map.of(),
            Map.of(),
            Map.of());
    Optional<Verdict> verdict =
        CredentialWords.of(OPENAI, List.of(new Serving(built, instances, Map.of())));
    verdict.ifPresent(v -> assertThat(v.reason()).isEqualTo(ConditionReason.CREDENTIAL_REFUSED));
    return verdict;
  }

  @Test
  void howManyGatewaysFoundOutIsInNoEvent() {
    String told =
        "the provider refuses spec.credentials[0] as it was changed; the one before it serves on"
            + " meanwhile, for 24 hours at most";
    List<Refused> refusing = List.of(refused(0, true));

    assertThat(verdict(List.of(refusing, List.of())).map(Verdict::told)).contains(told);
    assertThat(verdict(List.of(refusing, refusing)).map(Verdict::told)).contains(told);
  }

  @Test
  void nothingIsSaidWhereNothingIsRefusedOrOfAnotherProvider() {
    assertThat(said(List.of())).isEmpty();
    assertThat(said(List.of(List.of(), List.of(new Refused("ai", "other", 0, true))))).isEmpty();
  }

  @Test
  void gatewaysAreCountedForEachCredential() {
    assertThat(
            said(
                List.of(
                    List.of(refused(1, true)),
                    List.of(),
                    List.of(refused(1, true), refused(0, true)))))
        .contains(
            "the provider refuses spec.credentials[0] as it was changed, at 1 of 3 gateways; the one"
                + " before it serves on meanwhile, for 24 hours at most; the provider refuses"
                + " spec.credentials[1] as it was changed, at 2 of 3 gateways; the one before it"
                + " serves on meanwhile, for 24 hours at most");
  }

  @Test
  void whereTheOneBeforeIsRefusedTooThatIsSaid() {
    assertThat(said(List.of(List.of(refused(0, true)), List.of(refused(0, false)))).orElseThrow())
        .endsWith("at 2 of 2 gateways; the one before it is refused too");
  }
}
