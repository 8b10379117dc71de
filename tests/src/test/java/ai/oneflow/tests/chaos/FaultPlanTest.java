package ai.oneflow.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

final class FaultPlanTest {
  private static final EnumSet<Fault> ALL = EnumSet.allOf(Fault.class);

  @Test
  void theSameSeedMakesTheSamePlanHoweverManyRequestsThereAre() {
    FaultPlan few = FaultPlan.of(7, 50, ALL);
    FaultPlan many = FaultPlan.of(7, 500, ALL);

    assertThat(many.requests().subList(0, 50)).isEqualTo(few.requests());
    assertThat(FaultPlan.of(8, 50, ALL).requests()).isNotEqualTo(few.requests());
  }

  @Test
  void everyFaultComesUpAndPassesFewerTokensThanThereAre() {
    FaultPlan plan = FaultPlan.of(7, 1_000, ALL);

    assertThat(plan.requests())
        .extracting(PlannedRequest::fault)
        .containsAll(Arrays.asList(Fault.values()));
    assertThat(plan.requests()).allMatch(one -> one.passed() > 0 && one.passed() < one.tokens());
    assertThat(plan.repetition(FaultPlanTest.class))
        .isEqualTo("-Dtest=FaultPlanTest -Doneflow.chaos.seed=7 -Doneflow.chaos.requests=1000");
  }
}
