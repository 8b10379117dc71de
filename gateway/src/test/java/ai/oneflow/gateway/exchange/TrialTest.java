package ai.oneflow.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.attempt.RetryPlan;
import ai.oneflow.gateway.exchange.attempt.RetryPlan.Next;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.BreakerState;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Requests that call one target twice each; its breaker opens after five faults in a row.
class TrialTest {
  private static final GatewayError DOWN = GatewayError.of(ErrorCode.PROVIDER_ERROR, "It failed.");
  private static final GatewayError LIMITED =
      GatewayError.of(ErrorCode.PROVIDER_RATE_LIMITED, "It has enough.");

  private final CompiledConfiguration configuration =
      Configurations.compile(
          Configurations.gateway(),
          Configurations.provider("a"),
          Configurations.route("smart", List.of("smart"), Configurations.target("a", 1, 0)));
  private final CompiledRoute route = Objects.requireNonNull(configuration.routes().get("smart"));
  private final TargetHealth health = route.targets().getFirst().merits().health();

  private RetryPlan plan() {
    return new RetryPlan(
        new Routing.Chosen(route, route.targets(), Strategy.PRIORITY), true, 0, new Random(1));
  }

  /// One more call in the request.
  private Trial call(RetryPlan plan) {
    Permit permit = Objects.requireNonNull(health.tryCall(System.nanoTime()));
    return new Trial(plan, new Next.Call(0, permit, 0), true);
  }

  @Test
  void aRequestCountsOnceWhetherItFailsBeforeOrAfterTheAnswerHasBegun() {
    for (int request = 0; request < 4; request++) {
      RetryPlan plan = plan();
      call(plan).failed(DOWN);
      call(plan).failed(DOWN);
      call(plan).ended(Outcome.PROVIDER_FAILED);
    }
    assertThat(health.breaker()).isEqualTo(BreakerState.CLOSED);

    call(plan()).ended(Outcome.PROVIDER_FAILED);

    assertThat(health.breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aFaultOfACredentialHidesNoneOfTheTarget() {
    for (int request = 0; request < 5; request++) {
      RetryPlan plan = plan();
      call(plan).failed(LIMITED);
      plan.failed(0, LIMITED);
      call(plan).failed(DOWN);
      plan.failed(0, DOWN);
    }

    assertThat(health.breaker()).isEqualTo(BreakerState.OPEN);
  }
}
