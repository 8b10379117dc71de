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
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.ProviderEntry.Timeouts;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPlanTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final GatewayError DOWN = error(ErrorCode.PROVIDER_ERROR);
  private static final GatewayError DEAD = error(ErrorCode.PROVIDER_AUTHENTICATION_FAILED);

  private final AtomicLong nanos = new AtomicLong(-1_000_000_000_000L);

  /// Always the longest pause that may be drawn, less a nanosecond.
  private final RandomGenerator longest =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return -1;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private List<CompiledTarget> targets = List.of();

  private static GatewayError error(ErrorCode code) {
    return GatewayError.of(code, "It failed.");
  }

  private RetryPlan plan(Retry retry, String... providers) {
    List<Entry> entries = new ArrayList<>(List.of(Configurations.gateway()));
    RouteEntry.Target[] to = new RouteEntry.Target[providers.length];
    for (int i = 0; i < providers.length; i++) {
      entries.add(Configurations.provider(providers[i]));
      to[i] = Configurations.target(providers[i], 1, i + 1);
    }
    entries.add(
        new RouteEntry(
            "ai",
            "smart",
            1,
            List.of("smart"),
            List.of(to),
            RouteEntry.Selection.by(Strategy.PRIORITY, Unpriced.REFUSE),
            retry,
            false));
    CompiledConfiguration configuration =
        Configurations.compile(new HealthBook(nanos::get), entries.toArray(Entry[]::new));
    CompiledRoute route = Objects.requireNonNull(configuration.routes().get("smart"));
    targets = route.targets();
    Routing.Chosen chosen = new Routing.Chosen(route, route.targets(), Strategy.PRIORITY);
    return new RetryPlan(chosen, false, nanos.get(), longest);
  }

  /// What the plan says until it stops, where each call ends as the next word says; pauses pass.
  private String run(RetryPlan plan, String... ends) {
    StringBuilder all = new StringBuilder();
    Next next = plan.next(nanos.get());
    for (int i = 0; !(next instanceof Next.Stop); ) {
      switch (next) {
        case Next.Call(int place, Permit permit, _) -> {
          all.append(place).append(' ');
          next = after(plan, place, permit, ends[i++]);
        }
        case Next.Wait(int place) -> throw new AssertionError("no room at " + place);
        case Next.Pause(long pause) -> {
          all.append('~').append(Math.ceilDiv(pause, 1_000_000)).append(' ');
          nanos.addAndGet(pause);
          next = plan.afterPause(nanos.get());
        }
        case Next.Stop() -> {}
      }
    }
    return all.append("stop").toString();
  }

  private Next after(RetryPlan plan, int place, Permit permit, String end) {
    TargetHealth health = targets.get(place).merits().health();
    switch (end) {
      case "down" -> {
        plan.failed(place, DOWN);
        health.failed(permit, nanos.get());
      }
      case "dead" -> {
        plan.failed(place, DEAD);
        health.failed(permit, nanos.get());
      }
      case "skip" -> plan.skipped(new Next.Call(place, permit, 0));
      default -> {
        Duration pause = Duration.ofSeconds(Long.parseLong(end));
        plan.failed(
            place, GatewayError.retryAfter(ErrorCode.PROVIDER_RATE_LIMITED, pause, "Later."));
        health.pause(pause, nanos.get());
        health.abandoned(permit);
      }
    }
    return plan.next(nanos.get());
  }

  /// Each way in which a call can end, with another target left, with none, and at the last
  /// attempt.
  @ParameterizedTest
  @CsvSource({
    "1, 3, down down down, 0 ~2000 0 ~4000 0 stop",
    "1, 5, down down down down down, 0 ~2000 0 ~4000 0 ~8000 0 ~10000 0 stop",
    "1, 1, down, 0 stop",
    "1, 3, dead, 0 stop",
    "1, 3, skip, 0 stop",
    "1, 3, down skip, 0 ~2000 0 stop",
    "1, 3, 5 5 5, 0 ~5000 0 ~5000 0 stop",
    "1, 3, 1 1 1, 0 ~2000 0 ~4000 0 stop",
    "1, 3, 11, 0 stop",
    "2, 3, down down down, 0 1 ~2000 0 stop",
    "2, 4, down dead down down, 0 1 ~2000 0 ~4000 0 stop",
    "2, 3, dead down down, 0 1 ~2000 1 stop",
    "2, 3, dead dead, 0 1 stop",
    "2, 3, 60 down down, 0 1 ~2000 1 stop",
    "2, 3, 60 60, 0 1 stop",
    "2, 3, 9 5 down, 0 1 ~5000 1 stop",
    "2, 3, skip down down down, 0 1 ~2000 1 ~4000 1 stop",
    "2, 3, skip skip, 0 1 stop",
    "3, 3, down down down, 0 1 2 stop",
    "3, 2, down down, 0 1 stop",
    "3, 3, skip down skip down down, 0 1 2 ~2000 1 ~4000 1 stop",
  })
  void prefersAnotherTargetToAPauseAndAPauseToAnError(
      int targetCount, int attempts, String ends, String expected) {
    String[] providers = List.of("a", "b", "c").subList(0, targetCount).toArray(String[]::new);
    RetryPlan plan = plan(new Retry(attempts, TWO_SECONDS, TEN_SECONDS, 20), providers);

    String said = run(plan, ends.split(" "));

    assertThat(said).isEqualTo(expected);
  }

  @Test
  void callsNoTargetWhoseBreakerIsOpenOrThatWantsAPause() {
    RetryPlan plan = plan(Retry.DEFAULT, "a", "b", "c");
    for (int i = 0; i < 5; i++) {
      targets.get(0).merits().health().failed(Permit.PLAIN, nanos.get());
    }
    targets.get(1).merits().health().pause(Duration.ofSeconds(30), nanos.get());

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(2, Permit.PLAIN, 0));
    assertThat(plan.calls()).isEqualTo(1);
  }

  @Test
  void stopsAtOnceWhereNoTargetMayBeCalled() {
    RetryPlan plan = plan(Retry.DEFAULT, "a");
    targets.get(0).merits().health().pause(Duration.ofMillis(1), nanos.get());

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Stop());
  }

  @Test
  void afterAPauseCallsAnotherTargetWhereABreakerHasOpenedMeanwhile() {
    RetryPlan plan = plan(new Retry(4, TWO_SECONDS, TEN_SECONDS, 20), "a", "b");
    after(plan, 0, ((Next.Call) plan.next(nanos.get())).permit(), "down");
    // The second was asked for by after(); it fails too, and a pause for the first follows.
    Next pause = after(plan, 1, Permit.PLAIN, "down");
    assertThat(pause).isInstanceOf(Next.Pause.class);
    for (int i = 0; i < 5; i++) {
      targets.get(0).merits().health().failed(Permit.PLAIN, nanos.get());
    }

    nanos.addAndGet(TWO_SECONDS.toNanos());

    assertThat(plan.afterPause(nanos.get())).isEqualTo(new Next.Call(1, Permit.PLAIN, 0));
  }

  @Test
  void pausesNoLongerThanAllAttemptsMayTake() {
    Retry patient = new Retry(2, TWO_SECONDS, Duration.ofHours(1), 20);
    RetryPlan plan = plan(patient, "a");
    long bound = 2 * targets.get(0).provider().entry().timeouts().total().toSeconds();

    assertThat(run(plan, Long.toString(bound))).isEqualTo("0 stop");
    assertThat(run(plan(patient, "a"), Long.toString(bound - 1), "down"))
        .isEqualTo("0 ~" + (bound - 1) * 1000 + " 0 stop");
  }

  @Test
  void retriesNoMoreThanItsPolicyAllows() {
    RetryPlan none = plan(new Retry(3, TWO_SECONDS, TEN_SECONDS, 0), "a");
    assertThat(run(none, "down")).isEqualTo("0 stop");

    RetryPlan others = plan(new Retry(3, TWO_SECONDS, TEN_SECONDS, 0), "a", "b");
    assertThat(run(others, "down", "down")).isEqualTo("0 1 stop");
  }

  private Bulkhead full(int place) {
    Bulkhead bulkhead = targets.get(place).provider().bulkhead();
    bulkhead.bound(1, 1);
    assertThat(bulkhead.tryEnter()).isTrue();
    return bulkhead;
  }

  @Test
  void prefersAProviderThatHasRoomToWaitingForATurn() {
    RetryPlan plan = plan(Retry.DEFAULT, "a", "b");
    full(0);

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(1, Permit.PLAIN, 0));
    assertThat(plan.calls()).isEqualTo(1);
  }

  @Test
  void waitsForTheBestWhereNoneHasRoomAndForAnotherWhereItsQueueIsFull() {
    RetryPlan plan = plan(Retry.DEFAULT, "a", "b");
    full(0);
    full(1);

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Wait(0));
    plan.crowded(0);
    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Wait(1));
    plan.crowded(1);

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Stop());
    assertThat(plan.refusal("smart").code()).isEqualTo(ErrorCode.PROVIDER_OVERLOADED);
    assertThat(plan.refusal("smart").retryAfter()).isPresent();
    assertThat(plan.calls()).isZero();
  }

  @Test
  void afterOneWaitThatWasTooLongTakesOnlyWhatIsFree() {
    RetryPlan plan = plan(Retry.DEFAULT, "a", "b", "c");
    full(0);
    Bulkhead freed = full(1);
    full(2);
    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Wait(0));

    freed.leave();
    plan.outwaited();

    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Call(1, Permit.PLAIN, 0));
    plan.failed(1, DEAD);
    assertThat(plan.next(nanos.get())).isInstanceOf(Next.Pause.class);
  }

  @Test
  void waitsForATurnSoonerThanItPauses() {
    RetryPlan plan = plan(Retry.DEFAULT, "a", "b");
    full(0);
    Next.Call call = (Next.Call) plan.next(nanos.get());

    assertThat(after(plan, call.place(), call.permit(), "down")).isEqualTo(new Next.Wait(0));
  }

  @Test
  void callsInItsTurnUnlessTheTargetIsToBeLeftAloneByThen() {
    RetryPlan plan = plan(Retry.DEFAULT, "a");
    Bulkhead bulkhead = full(0);
    assertThat(plan.next(nanos.get())).isEqualTo(new Next.Wait(0));

    assertThat(plan.reached(0, nanos.get())).isEqualTo(new Next.Call(0, Permit.PLAIN, 0));
    plan.giveBack(new Next.Call(0, Permit.PLAIN, 0));
    assertThat(bulkhead.underWay()).isZero();

    RetryPlan late = plan(Retry.DEFAULT, "a");
    Bulkhead another = full(0);
    late.next(nanos.get());
    targets.get(0).merits().health().pause(TWO_SECONDS, nanos.get());
    assertThat(late.reached(0, nanos.get())).isEqualTo(new Next.Stop());
    assertThat(another.underWay()).isZero();
  }

  @Test
  void waitsNoLongerThanForAConnectionNorBeyondTheRequestsTime() {
    RetryPlan plan = plan(new Retry(1, TWO_SECONDS, TEN_SECONDS, 20), "a");
    Timeouts timeouts = targets.get(0).provider().entry().timeouts();
    long end = nanos.get() + timeouts.total().toNanos();

    assertThat(plan.patienceNanos(0, nanos.get()))
        .isEqualTo(Math.min(timeouts.connect().toNanos(), timeouts.total().toNanos()));
    assertThat(plan.patienceNanos(0, end - 5)).isEqualTo(5);
    assertThat(plan.patienceNanos(0, end + 5)).isZero();
  }
}
