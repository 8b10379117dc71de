package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.RefusedCredentials.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is said of a provider that refuses credentials since they were changed. Pure.
final class CredentialWords {
  private CredentialWords() {}

  /// Empty where none is refused.
  ///
  /// @param serving the gateways that serve the provider
  static Optional<Verdict> of(EntryKey provider, List<Serving> serving) {
    List<Instance> pods = serving.stream().flatMap(s -> s.instances().stream()).toList();
    Map<Integer, List<Refused>> byPlace =
        pods.stream()
            .flatMap(pod -> pod.refusedCredentials().stream())
            .filter(refused -> refused.key().equals(provider))
            .collect(Collectors.groupingBy(Refused::place, TreeMap::new, Collectors.toList()));
    return byPlace.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                ConditionReason.CREDENTIAL_REFUSED,
                words(byPlace, " of " + pods.size() + " gateways"),
                words(byPlace, "")));
  }

  /// @param ofAll goes on after how many refuse it; empty: that is not said
  private static String words(Map<Integer, List<Refused>> byPlace, String ofAll) {
    return byPlace.entrySet().stream()
        .map(place -> words(place.getKey(), place.getValue(), ofAll))
        .collect(Collectors.joining("; "));
  }

  private static String words(int place, List<Refused> refused, String ofAll) {
    boolean formerServes = refused.stream().allMatch(Refused::formerServes);
    return "the provider refuses spec.credentials["
        + place
        + "] as it was changed"
        + (ofAll.isEmpty() ? "" : ", at " + refused.size() + ofAll)
        + "; the one before it "
        + (formerServes ? "serves on meanwhile, for 24 hours at most" : "is refused too");
  }
}
