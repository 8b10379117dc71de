package ai.oneflow.operator.status;

import ai.oneflow.operator.resolve.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Writes a report as Kubernetes conditions. A condition's time is that of its last change from
/// true to false or back, so it is carried over from what was said before.
final class Conditions {
  private Conditions() {}

  static List<Condition> of(Report report, List<Condition> before, Instant now) {
    return report.conditions().stream().map(v -> of(v, report.generation(), before, now)).toList();
  }

  private static Condition of(
      Verdict verdict, long generation, List<Condition> before, Instant now) {
    String type = verdict.reason().type().text();
    String status = verdict.holds() ? "True" : "False";
    String since =
        before.stream()
            .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
            .map(Condition::getLastTransitionTime)
            .findFirst()
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(verdict.reason().text())
        .withMessage(verdict.message())
        .withObservedGeneration(generation)
        .withLastTransitionTime(since)
        .build();
  }
}
