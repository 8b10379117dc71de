package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Works out the conditions of a resource. Pure.
public final class Reporter {
  /// What a resource is by itself, whatever gateways make of it.
  private static final Set<ConditionType> QUALITIES =
      EnumSet.of(ConditionType.ACCEPTED, ConditionType.RESOLVED_REFS);

  private Reporter() {}

  /// Says what holds of a resource, given the gateways that serve it.
  ///
  /// @param all those without a pod too
  public static Report report(Judgement judgement, List<Serving> all) {
    List<Serving> serving = Serving.counting(all);
    Verdict accepted = accepted(judgement, serving);
    Verdict programmed = Programming.of(judgement, all);
    List<Verdict> parts = List.of(accepted, judgement.resolvedRefs(), programmed);
    return new Report(
        judgement.key(),
        judgement.generation(),
        Stream.concat(parts.stream(), Stream.of(ready(parts, judgement, serving))).toList());
  }

  /// A gateway is ready when, besides, its pods are. What is wrong with the resource itself goes
  /// before that, and why there are no pods before that none is connected.
  public static Report withPods(Report report, Pods pods) {
    boolean wellFormed =
        report.conditions().stream()
            .filter(v -> QUALITIES.contains(v.reason().type()))
            .allMatch(Verdict::holds);
    Optional<Verdict> lack = wellFormed ? pods.lack() : Optional.empty();
    return lack.map(
            verdict ->
                new Report(
                    report.key(),
                    report.generation(),
                    report.conditions().stream()
                        .map(v -> v.reason().type() == ConditionType.READY ? verdict : v)
                        .toList()))
        .orElse(report);
  }

  private static Verdict accepted(Judgement judgement, List<Serving> serving) {
    EntryKey key = judgement.key();
    String conflicts =
        serving.stream()
            .flatMap(s -> s.built().conflicts().getOrDefault(key, List.of()).stream())
            .collect(Collectors.joining("; "));
    return judgement.accepted().holds() && !conflicts.isEmpty()
        ? new Verdict(ConditionReason.CONFLICT, conflicts)
        : judgement.accepted();
  }

  /// People look here first, so this is where they must see that a limit which they set does not
  /// hold.
  private static Verdict ready(List<Verdict> parts, Judgement judgement, List<Serving> serving) {
    List<String> notInForce = judgement.notInForce();
    Optional<Verdict> first = parts.stream().filter(part -> !part.holds()).findFirst();
    return first
        .map(
            part ->
                new Verdict(
                    ConditionReason.NOT_READY,
                    part.reason().type().text() + " is not true: " + part.message()))
        .or(() -> CredentialWords.of(judgement.key(), serving))
        .orElseGet(
            () ->
                new Verdict(
                    ConditionReason.ALL_READY,
                    parts.getLast().message()
                        + (notInForce.isEmpty()
                            ? ""
                            : ", and do not act on " + String.join(", ", notInForce) + " yet")));
  }
}
