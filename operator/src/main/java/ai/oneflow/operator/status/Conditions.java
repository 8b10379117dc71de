package ai.oneflow.operator.status;

import ai.oneflow.operator.resolve.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Writes a report as Kubernetes conditions. A condition's time is that of its last change from
/// true to false or back, so it is carried over from what was said before.
///
/// For tools that go by kstatus, Flux among them, what is not ready has one condition more, for as
/// long as it is not: `Reconciling` where that passes by itself, and `Stalled` where somebody has
/// to do something
/// (<https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md>).
final class Conditions {
  private static final String RECONCILING = "Reconciling";
  private static final String STALLED = "Stalled";

  private Conditions() {}

  static List<Condition> of(Report report, List<Condition> before, Instant now) {
    Former former = new Former(report.generation(), before, now);
    List<Condition> conditions = new ArrayList<>();
    report.conditions().forEach(verdict -> conditions.add(of(verdict, former)));
    report.conditions().stream()
        .filter(verdict -> !verdict.holds())
        .findFirst()
        .ifPresent(cause -> conditions.add(former.now(trouble(report, cause), "True", cause)));
    return conditions;
  }

  private static Condition of(Verdict verdict, Former former) {
    return former.now(verdict.reason().type().text(), verdict.holds() ? "True" : "False", verdict);
  }

  private static String trouble(Report report, Verdict cause) {
    return report.passes(cause) ? RECONCILING : STALLED;
  }

  /// What was said before, and of which generation and when something is said now.
  private record Former(long generation, List<Condition> before, Instant now) {
    Condition now(String type, String status, Verdict why) {
      return new ConditionBuilder()
          .withType(type)
          .withStatus(status)
          .withReason(why.reason().text())
          .withMessage(why.message())
          .withObservedGeneration(generation)
          .withLastTransitionTime(since(type, status))
          .build();
    }

    private String since(String type, String status) {
      return before.stream()
          .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
          .map(Condition::getLastTransitionTime)
          .findFirst()
          .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }
}
