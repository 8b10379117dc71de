package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.build.Quarantine.Refused;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Works out `Programmed`: true only when every connected pod of every gateway that serves the
/// resource has acknowledged a snapshot with the resource as it is now, and there is one.
final class Programming {
  private final EntryKey key;
  private final List<Serving> serving;
  private final List<Serving> idle;

  private Programming(EntryKey key, List<Serving> all) {
    this.key = key;
    this.serving = Serving.counting(all);
    this.idle = all.stream().filter(s -> s.instances().isEmpty()).toList();
  }

  static Verdict of(Judgement judgement, List<Serving> serving) {
    if (serving.isEmpty()) {
      return new Verdict(
          ConditionReason.NO_GATEWAYS,
          "no LLMGateway serves namespace " + judgement.key().namespace());
    }
    Programming programming = new Programming(judgement.key(), serving);
    return programming
        .held()
        .or(programming::refusedWhole)
        .or(programming::waits)
        .or(programming::absent)
        .orElseGet(programming::count);
  }

  private Optional<Verdict> held() {
    String words =
        serving.stream()
            .filter(s -> s.built().held().containsKey(key))
            .map(s -> words(s, s.built().held().get(key)))
            .collect(Collectors.joining("; "));
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Verdict(ConditionReason.REJECTED, words));
  }

  private static String words(Serving s, Refused refused) {
    String instead =
        refused
            .lastGood()
            .map(good -> "generation " + good.generation() + " stays in force")
            .orElse("it is left out");
    return "gateway "
        + refused.instance()
        + " of "
        + s.built().gateway()
        + " refuses it: "
        + refused.reason()
        + "; "
        + instead;
  }

  /// A pod that refuses a snapshot as it is, and names no entry that could be left out of it.
  private Optional<Verdict> refusedWhole() {
    for (Serving s : serving) {
      for (Instance instance : s.instances()) {
        Optional<Rejection> rejection =
            instance
                .rejection()
                .filter(r -> r.version().equals(s.built().snapshot().version()))
                .filter(_ -> !runs(s, instance));
        if (rejection.isPresent()) {
          String reasons =
              rejection.get().refusals().stream()
                  .map(Refusal::reason)
                  .collect(Collectors.joining("; "));
          return Optional.of(
              new Verdict(
                  ConditionReason.REJECTED,
                  "gateway " + instance.name() + " refuses the snapshot with it: " + reasons));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Verdict> waits() {
    String words =
        serving.stream()
            .flatMap(s -> s.built().waits().getOrDefault(key, List.of()).stream())
            .distinct()
            .collect(Collectors.joining("; "));
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Verdict(ConditionReason.PENDING, words));
  }

  private Optional<Verdict> absent() {
    boolean everywhere =
        serving.stream().allMatch(s -> s.built().snapshot().entries().containsKey(key));
    return everywhere
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                ConditionReason.PENDING,
                "no gateway is told of it; see Accepted and ResolvedRefs"));
  }

  private Verdict count() {
    int connected = serving.stream().mapToInt(s -> s.instances().size()).sum();
    if (connected == 0) {
      return new Verdict(ConditionReason.NO_GATEWAYS, "no pod of " + names() + " is connected");
    }
    long running =
        serving.stream()
            .mapToLong(s -> s.instances().stream().filter(i -> runs(s, i)).count())
            .sum();
    return new Verdict(
        running == connected ? ConditionReason.GATEWAYS_PROGRAMMED : ConditionReason.PENDING,
        running + " of " + connected + " gateways run " + what() + others());
  }

  private String names() {
    return serving.stream()
        .map(s -> "LLMGateway " + s.built().gateway())
        .collect(Collectors.joining(", "));
  }

  /// What does not count is said all the same.
  private String others() {
    return idle.stream()
        .map(s -> "; no pod of LLMGateway " + s.built().gateway() + " is connected")
        .collect(Collectors.joining());
  }

  private String what() {
    return serving.stream()
            .map(
                s ->
                    "snapshot "
                        + s.introduced()
                            .getOrDefault(key, s.built().snapshot().version())
                            .abbreviated()
                        + (serving.size() > 1 ? " of " + s.built().gateway() : ""))
            .collect(Collectors.joining(", "))
        + " or later";
  }

  private boolean runs(Serving s, Instance instance) {
    Entry wanted = s.built().snapshot().entries().get(key);
    return wanted != null
        && instance.runs().map(r -> wanted.equals(r.entries().get(key))).orElse(false);
  }
}
