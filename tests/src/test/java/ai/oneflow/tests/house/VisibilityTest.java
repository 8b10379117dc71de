package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What no other package uses is nobody else's business.
final class VisibilityTest {

  /// Packages whose public types are used by what is not looked at here, with the reason.
  private static final Map<String, String> USED_FROM_OUTSIDE =
      Map.of(
          "ai.oneflow.api.v1alpha1", "the schema of the resources, read by reflection",
          "ai.oneflow.api.value", "annotations and formats of that schema",
          "ai.oneflow.api.validation", "the judge of manifests where there is no API server",
          "ai.oneflow.snapshot", "the contract, both sides of which Jackson reads and writes",
          "ai.oneflow.simulator", "what tests and benchmarks start and ask",
          "ai.oneflow.servers", "what tests start and break",
          "ai.oneflow.gateway", "what a process starts a gateway with");

  private static final Map<String, String> USED_BY_TESTS =
      Map.of(
          "ai.oneflow.gateway.ledger.sql.SpendHistory", "what counters will be rebuilt from",
          "ai.oneflow.operator.push.PushTls", "tests serve pushes without a cluster",
          "ai.oneflow.operator.push.TokenReview", "and say themselves which tokens are good",
          "ai.oneflow.operator.push.Pem", "and hand over the authority",
          "ai.oneflow.gateway.dialect.answer.AnswerDialect",
              "answers are read in dialects whose requests are not written yet",
          "ai.oneflow.gateway.quota.redis.QuotaStatistics", "a benchmark reads what it came to");

  private final JavaClasses classes = House.classes();

  @Test
  void everyPublicTypeIsUsedByAnotherPackage() {
    Set<String> used = usedElsewhere();

    assertThat(classes)
        .filteredOn(type -> type.getEnclosingClass().isEmpty())
        .filteredOn(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filteredOn(type -> !USED_FROM_OUTSIDE.containsKey(type.getPackageName()))
        .filteredOn(type -> !USED_BY_TESTS.containsKey(type.getName()))
        .filteredOn(type -> type.tryGetMethod("main", String[].class).isEmpty())
        .filteredOn(type -> !used.contains(type.getName()))
        .extracting(JavaClass::getName)
        .isEmpty();
  }

  private Set<String> usedElsewhere() {
    Set<String> used = new HashSet<>();
    for (JavaClass type : classes) {
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        JavaClass target = use.getTargetClass();
        if (!target.getPackageName().equals(type.getPackageName())) {
          used.add(outermost(target).getName());
        }
      }
    }
    return used;
  }

  /// Who uses a case of a sealed type uses the type.
  private static JavaClass outermost(JavaClass type) {
    JavaClass outermost = type;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost;
  }
}
