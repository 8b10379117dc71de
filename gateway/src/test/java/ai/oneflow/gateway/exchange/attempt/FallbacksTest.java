package ai.oneflow.gateway.exchange.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.attempt.RetryPlan.Next;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Selection;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The fallbacks of a policy are targets that are called in the place of one that failed: what
/// cannot be called at the moment is passed over, and counts as none.
class FallbacksTest {
  private static final GatewayError DOWN = GatewayError.of(ErrorCode.PROVIDER_ERROR, "It failed.");

  private final AtomicLong nanos = new AtomicLong();
  private List<CompiledTarget> targets = List.of();

  /// Among so many targets, by their priority.
  private RetryPlan plan(int count, int fallbacks, int attempts) {
    List<Entry> entries = new ArrayList<>(List.of(Configurations.gateway()));
    List<RouteEntry.Target> to = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(Configurations.provider("p" + i));
      to.add(Configurations.target("p" + i, 1, i));
    }
    Selection plain = Selection.by(Strategy.PRIORITY, Unpriced.REFUSE);
    Selection selection =
        new Selection(
            plain.strategy(),
            plain.weights(),
            plain.require(),
            fallbacks,
            plain.sticky(),
            plain.overridable(),
            plain.unpriced());
    Retry retry = new Retry(attempts, Duration.ofMillis(1), Duration.ofSeconds(2), 100);
    entries.add(new RouteEntry("ai", "smart", 1, List.of("smart"), to, selection, retry, false));
    CompiledConfiguration configuration =
        Configurations.compile(new HealthBook(nanos::get), entries.toArray(Entry[]::new));
    CompiledRoute route = Objects.requireNonNull(configuration.routes().get("smart"));
    targets = route.targets();
    return new RetryPlan(
        new Routing.Chosen(route, targets, Strategy.PRIORITY), false, nanos.get(), new Random(1));
  }

  private TargetHealth health(int place) {
    return targets.get(place).merits().health();
  }

  /// Its breaker is half open, and the probe does not come back.
  private void probe(int place) {
    for (int i = 0; i < 5; i++) {
      health(place).failed(Permit.PLAIN, nanos.get());
    }
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(health(place).tryCall(nanos.get())).isEqualTo(Permit.PROBE);
  }

  private void fill(int place) {
    targets.get(place).provider().bulkhead().bound(1, 1);
    assertThat(targets.get(place).provider().bulkhead().tryEnter()).isTrue();
  }

  /// The places that are called where all fail, and all pauses pass.
  private List<Integer> called(RetryPlan plan) {
    List<Integer> called = new ArrayList<>();
    Next next = plan.next(nanos.get());
    while (!(next instanceof Next.Stop)) {
      if (next instanceof Next.Call(int place, Permit permit, _)) {
        called.add(place);
        plan.failed(place, DOWN);
        health(place).abandoned(permit);
        targets.get(place).provider().bulkhead().leave();
        next = plan.next(nanos.get());
      } else {
        nanos.addAndGet(((Next.Pause) next).nanos());
        next = plan.afterPause(nanos.get());
      }
    }
    return called;
  }

  @Test
  void passesOverOneThatIsBeingProbedWhereThePolicyHasNoFallbacks() {
    RetryPlan plan = plan(2, 0, 3);
    probe(0);

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(1, Permit.PLAIN, 0));
  }

  @Test
  void passesOverNineThatAreBeingProbed() {
    RetryPlan plan = plan(10, 2, 3);
    for (int place = 0; place < 9; place++) {
      probe(place);
    }

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(9, Permit.PLAIN, 0));
  }

  @Test
  void passesOverThoseWithoutRoomAndThoseWhoseLimitIsUsedUp() {
    RetryPlan plan = plan(4, 1, 3);
    fill(0);
    Next first = plan.next(nanos.get());
    assertThat(first).isEqualTo(new Next.Call(1, Permit.PLAIN, 0));
    plan.skipped((Next.Call) first);
    Next second = plan.next(nanos.get());
    assertThat(second).isEqualTo(new Next.Call(2, Permit.PLAIN, 0));
    plan.skipped((Next.Call) second);

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(3, Permit.PLAIN, 0));
  }

  @Test
  void callsNoMoreFallbacksThanThePolicySays() {
    assertThat(called(plan(4, 1, 4))).startsWith(0, 1).containsOnly(0, 1).hasSize(4);
    assertThat(called(plan(4, 0, 3))).containsExactly(0, 0, 0);
    assertThat(called(plan(4, 3, 4))).containsExactly(0, 1, 2, 3);
  }

  @Test
  void waitsForNoTurnAtAFallbackTooMany() {
    RetryPlan plan = plan(3, 1, 3);
    fill(0);

    assertThat(called(plan)).startsWith(1, 2).hasSize(3).doesNotContain(0);
  }

  @Test
  void knowsAsManyTargetsApartAsARouteMayHave() {
    int most = RouteEntry.MOST_TARGETS;
    RetryPlan plan = plan(most, 10, 10);
    for (int place = 0; place < most - 1; place++) {
      fill(place);
    }

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(most - 1, Permit.PLAIN, 0));
    plan.failed(most - 1, DOWN);
    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Wait(0));
    plan.counted(most - 1);
    assertThat(plan.hasCounted(most - 1)).isTrue();
    assertThat(plan.hasCounted(most - 33)).isFalse();
  }
}
