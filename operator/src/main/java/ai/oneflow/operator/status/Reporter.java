package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Works out the conditions of a resource. Pure.
public final class Reporter {
  private Reporter() {}

  /// Says what holds of a resource, given the gateways that serve it.
  public static Report report(Judgement judgement, List<Serving> serving) {
    Verdict accepted = accepted(judgement, serving);
    Verdict programmed = Programming.of(judgement, serving);
    List<Verdict> parts = List.of(accepted, judgement.resolvedRefs(), programmed);
    return new Report(
        judgement.key(),
        judgement.generation(),
        Stream.concat(parts.stream(), Stream.of(ready(parts, judgement.notInForce()))).toList());
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
  private static Verdict ready(List<Verdict> parts, List<String> notInForce) {
    Optional<Verdict> first = parts.stream().filter(part -> !part.holds()).findFirst();
    return first
        .map(
            part ->
                new Verdict(
                    ConditionReason.NOT_READY,
                    part.reason().type().text() + " is not true: " + part.message()))
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
