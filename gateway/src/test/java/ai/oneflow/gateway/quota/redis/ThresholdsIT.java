package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.WhenAway;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Thresholds are told once whatever becomes of the counters.
final class ThresholdsIT {
  private static final Limit MONTH =
      budget("key|a/b|month", new Span.Calendar(Span.Period.MONTH, ZoneId.of("UTC")));
  private static final Limit TOTAL = budget("key|a/b|total", new Span.Whole());

  private RedisServer redis;

  private static Limit budget(String counter, Span span) {
    return new Limit(
        counter,
        "key a/b",
        Unit.CREDITS,
        span,
        1_000,
        Binding.HARD,
        WhenAway.LOCAL_SHARE,
        "",
        List.of(80, 95));
  }

  static List<Limit> budgets() {
    return List.of(MONTH, TOTAL);
  }

  @BeforeEach
  void start() throws IOException {
    redis = InstalledRedis.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      redis.close();
    }
  }

  private TestFleet fleet() {
    return TestFleet.of(redis.url().toString(), false, TestFleet.PATIENT, 2);
  }

  @ParameterizedTest
  @MethodSource("budgets")
  void areNotToldAgainWhenCountersAreWrittenAnew(Limit budget) throws Exception {
    try (TestFleet fleet = fleet()) {
      spend(fleet.members.getFirst(), budget, 850);
      awaitTold(fleet, 80);

      redis.flushAll();
      fleet.awaitLeft(budget, 150);
      spend(fleet.members.getLast(), budget, 10);
      fleet.awaitLeft(budget, 140);
      spend(fleet.members.getLast(), budget, 100);

      awaitTold(fleet, 80, 95);
    }
  }

  @ParameterizedTest
  @MethodSource("budgets")
  void areToldWhereTheyAreReachedWhileCountersAreWrittenAnew(Limit budget) throws Exception {
    try (TestFleet fleet = fleet()) {
      spend(fleet.members.getFirst(), budget, 500);
      fleet.awaitLeft(budget, 500);
      fleet.members.getFirst().ledger().add(budget, 500);

      redis.flushAll();

      fleet.awaitLeft(budget, 0);
      awaitTold(fleet, 80, 95);
    }
  }

  @ParameterizedTest
  @MethodSource("budgets")
  void areNotToldAgainOfABudgetThatIsTakenAwayAndComesBack(Limit budget) {
    try (TestFleet fleet = fleet()) {
      configure(fleet, budget);
      spend(fleet.members.getFirst(), budget, 850);
      awaitTold(fleet, 80);

      configure(fleet);
      configure(fleet, budget);
      fleet.awaitLeft(budget, 150);
      spend(fleet.members.getLast(), budget, 100);

      awaitTold(fleet, 80, 95);
    }
  }

  private static void configure(TestFleet fleet, Limit... limits) {
    fleet.members.stream()
        .map(member -> member.configure(limits))
        .toList()
        .forEach(known -> known.orTimeout(30, TimeUnit.SECONDS).join());
  }

  private static void spend(TestFleet.Member member, Limit limit, long amount) {
    Taking taking = TestFleet.take(member.quotas(), limit, amount);
    assertThat(taking).isInstanceOf(Taking.Taken.class);
    member.settle(((Taking.Taken) taking).hold(), limit, new Spent(1, 0, amount));
  }

  private static void awaitTold(TestFleet fleet, Integer... percents) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(fleet.crossings)
                    .extracting(Crossing::percent)
                    .containsExactly(percents));
  }
}
