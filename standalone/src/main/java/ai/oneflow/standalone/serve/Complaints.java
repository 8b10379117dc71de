package ai.oneflow.standalone.serve;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.status.Report;
import ai.oneflow.standalone.manifest.Held;
import ai.oneflow.standalone.manifest.Inventory;
import ai.oneflow.standalone.manifest.Mistake;
import ai.oneflow.standalone.manifest.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a person should mend, one line for each, with file and line. Lives for one turn.
final class Complaints {
  private static final String PLAIN = "well formed";

  private final Inventory inventory;
  private final Set<String> inForce;
  private final List<String> lines = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Complaints(Inventory inventory) {
    this.inventory = inventory;
    this.inForce =
        inventory.held().keySet().stream().map(ResourceId::toString).collect(Collectors.toSet());
    inventory.mistakes().forEach(this::add);
  }

  private void add(Mistake mistake) {
    boolean kept =
        inForce.contains(mistake.subject())
            || inventory.held().values().stream()
                .anyMatch(held -> held.manifest().file().equals(mistake.place().file()));
    lines.add(mistake + (kept ? " (what was in force before stays so)" : ""));
  }

  /// Adds the conditions that are not true. `Ready` says nothing that the others do not, and what
  /// waits only for another resource is said there.
  void add(Report report) {
    ResourceId id =
        new ResourceId(
            report.key().kind().resourceKind(), report.key().namespace(), report.key().name());
    Held held = inventory.held().get(id);
    if (held == null) {
      throw new IllegalStateException("a report on " + id + ", which no file holds");
    }
    boolean cause = false;
    for (Verdict verdict : report.conditions()) {
      ConditionType type = verdict.reason().type();
      boolean follows = cause && type == ConditionType.PROGRAMMED;
      if (!verdict.holds() && type != ConditionType.READY && !follows) {
        lines.add(line(held, id, verdict));
      } else if (isHalf(verdict) && held.manifest().writesOneOf(verdict.message())) {
        notes.add(line(held, id, verdict));
      }
      cause |= !verdict.holds();
    }
  }

  /// Well formed, but with something that this version does not act on.
  private static boolean isHalf(Verdict verdict) {
    return verdict.reason() == ConditionReason.WELL_FORMED && !verdict.message().equals(PLAIN);
  }

  private static String line(Held held, ResourceId id, Verdict verdict) {
    return "%s: %s: %s is %s (%s): %s"
        .formatted(
            held.manifest().placeNamedIn(verdict.message()),
            id,
            verdict.reason().type().text(),
            verdict.holds() ? "True" : "False",
            verdict.reason().text(),
            verdict.message());
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /// What is taken and yet not all that it seems. Of a default that nobody wrote nothing is said.
  List<String> notes() {
    return List.copyOf(notes);
  }
}
