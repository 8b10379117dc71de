package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A resource that two gateways serve: `ai/main`, and `claims/all`, which is for all namespaces.
class ReporterTest {
  private static final String MANIFESTS =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: main, namespace: ai, generation: 1}
      spec: {}
      ---
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: all, namespace: claims, generation: 1}
      spec: {allowedNamespaces: {from: All}}
      ---
      apiVersion: oneflow.ai/v1alpha1
      kind: ApiKey
      metadata: {name: search, namespace: ai, uid: uid, generation: 1}
      spec: {user: alice}
      """;
  private static final EntryKey KEY = new EntryKey(Kind.API_KEY, "ai", "search");

  private final Resolution resolution = Resolution.of(Manifests.parse(MANIFESTS).resources());
  private final Built main = build(new GatewayId("ai", "main"));
  private final Built all = build(new GatewayId("claims", "all"));

  /// The pods of `ai/main` and of `claims/all`: `+` runs it, `.` is connected and does not yet.
  @ParameterizedTest
  @CsvSource({
    "+, +, True Programmed 2 of 2 gateways run",
    "++, .+, False Pending 3 of 4 gateways run",
    "+, '', True Programmed 1 of 1 gateways run",
    "'', ++, True Programmed 2 of 2 gateways run",
    "., '', False Pending 0 of 1 gateways run",
    "'', '', 'False NoGateways no pod of LLMGateway ai/main, LLMGateway claims/all is connected'",
  })
  void isProgrammedWhereAllPodsThatAreThereRunIt(String ofMain, String ofAll, String expected) {
    assertThat(programmed(serving(main, ofMain), serving(all, ofAll))).startsWith(expected);
  }

  @Test
  void aGatewayWithoutPodsDoesNotCountAndIsNamed() {
    assertThat(programmed(serving(main, "+"), serving(all, "")))
        .doesNotContain("of claims/all")
        .endsWith(" or later; no pod of LLMGateway claims/all is connected");
  }

  @Test
  void whatAGatewayWithoutPodsHasAgainstAResourceDoesNotCount() {
    Built conflicting =
        new Built(
            all.gateway(),
            all.snapshot(),
            Map.of(),
            Map.of(KEY, List.of("waits for somebody")),
            Map.of(KEY, List.of("is an older one's")));

    assertThat(report(serving(main, "+"), serving(conflicting, "")).conditions())
        .allMatch(verdict -> verdict.holds());
    assertThat(report(serving(main, "+"), serving(conflicting, "+")).conditions())
        .anyMatch(verdict -> verdict.message().equals("is an older one's"));
  }

  private Built build(GatewayId gateway) {
    return SnapshotBuilder.build(gateway, resolution, Quarantine.EMPTY);
  }

  private static Serving serving(Built built, String pods) {
    List<Instance> instances =
        pods.chars()
            .mapToObj(
                pod ->
                    new Instance(
                        "pod",
                        Optional.of(built.snapshot()).filter(_ -> pod == '+'),
                        Optional.empty()))
            .toList();
    return new Serving(built, instances, Map.of());
  }

  private Report report(Serving... serving) {
    return Reporter.report(
        Optional.ofNullable(resolution.judgements().get(KEY)).orElseThrow(),
        Stream.of(serving).toList());
  }

  private String programmed(Serving... serving) {
    return report(serving).conditions().stream()
        .filter(verdict -> verdict.reason().type() == ConditionType.PROGRAMMED)
        .map(v -> (v.holds() ? "True " : "False ") + v.reason().text() + " " + v.message())
        .findFirst()
        .orElseThrow();
  }
}
