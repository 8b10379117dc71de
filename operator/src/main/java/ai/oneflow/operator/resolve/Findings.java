package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Collects what is wrong with one resource while it is resolved. Lives for one call.
final class Findings {
  private final EntryKey key;
  private final HasMetadata resource;
  private final ObjectMeta meta;
  private final List<Verdict> problems = new ArrayList<>();
  private final List<String> claims = new ArrayList<>();
  private final List<String> notInForce = new ArrayList<>();

  Findings(Kind kind, HasMetadata resource) {
    this.resource = resource;
    this.meta = resource.getMetadata();
    this.key = new EntryKey(kind, meta.getNamespace(), meta.getName());
  }

  String namespace() {
    return key.namespace();
  }

  String name() {
    return key.name();
  }

  long generation() {
    return meta.getGeneration() == null ? 0 : meta.getGeneration();
  }

  void problem(ConditionReason reason, String message) {
    problems.add(new Verdict(reason, message));
  }

  /// The judgement on a resource of which nothing can be said but that.
  Judgement withoutSpec(String otherwise) {
    problem(ConditionReason.INVALID, Unreadable.why(resource).orElse(otherwise));
    return without();
  }

  void claim(List<String> names) {
    claims.addAll(names);
  }

  /// Says so where a field is set that this version accepts and does not act on yet.
  void notInForce(String field, boolean isSet) {
    if (isSet) {
      notInForce.add(field);
    }
  }

  boolean none() {
    return problems.isEmpty();
  }

  /// The judgement on a resource that is served as a whole or not at all.
  Judgement judge(Supplier<Entry> entry) {
    return none() ? judgeInPart(entry) : judgement(Optional.empty());
  }

  /// The judgement on a resource of which an entry can be made in spite of what was found. The
  /// rules of the entry's own record are the last to be asked.
  Judgement judgeInPart(Supplier<Entry> entry) {
    try {
      return judgement(Optional.of(entry.get()));
    } catch (IllegalArgumentException e) {
      problem(ConditionReason.INVALID, String.valueOf(e.getMessage()));
      return judgement(Optional.empty());
    }
  }

  Judgement without() {
    return judgement(Optional.empty());
  }

  private Judgement judgement(Optional<Entry> entry) {
    String created = meta.getCreationTimestamp() == null ? "" : meta.getCreationTimestamp();
    return new Judgement(
        key, generation(), created, claims, notInForce, accepted(), resolvedRefs(), entry);
  }

  private Verdict accepted() {
    String rest =
        notInForce.isEmpty()
            ? "well formed"
            : "well formed; this version accepts and does not act on "
                + String.join(", ", notInForce);
    return of(ConditionType.ACCEPTED, new Verdict(ConditionReason.WELL_FORMED, rest));
  }

  private Verdict resolvedRefs() {
    return of(
        ConditionType.RESOLVED_REFS,
        new Verdict(ConditionReason.REFS_RESOLVED, "all references lead somewhere"));
  }

  /// The first problem's reason, and everything that there is to mend in one message.
  private Verdict of(ConditionType type, Verdict good) {
    List<Verdict> mine = problems.stream().filter(p -> p.reason().type() == type).toList();
    if (mine.isEmpty()) {
      return good;
    }
    return new Verdict(
        mine.getFirst().reason(),
        mine.stream().map(Verdict::message).distinct().collect(Collectors.joining("; ")));
  }
}
