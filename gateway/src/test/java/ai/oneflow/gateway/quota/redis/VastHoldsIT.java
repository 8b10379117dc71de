package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds of which one lease has more than 64 bits count, of limits that merely count.
final class VastHoldsIT {
  private static final Limit BUDGET = limit("budget", new Span.Whole());
  private static final Limit WINDOW = limit("window", new Span.Sliding(3_600_000));

  private RedisServer redis;

  private static Limit limit(String name, Span span) {
    return Limit.hard(name, "key a/b", Unit.CREDITS, span, 1_000).bound(Binding.COUNT);
  }

  static Limit[] limits() {
    return new Limit[] {BUDGET, WINDOW};
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

  @ParameterizedTest
  @MethodSource("limits")
  void comeBackFromADeadGateway(Limit limit) throws Exception {
    try (TestFleet fleet = fleet(new Terms.Waits(3_000, 2_000))) {
      TestFleet.Member doomed = fleet.members.getFirst();
      doomed.settle(take(doomed, limit, 600), limit, new Spent(1, 0, 600));
      for (int i = 0; i < 3; i++) {
        take(doomed, limit, Long.MAX_VALUE);
      }
      fleet.awaitLeft(limit, 0);

      fleet.kill(doomed);

      fleet.awaitLeft(limit, 400);
    }
  }

  @ParameterizedTest
  @MethodSource("limits")
  void comeBackAfterCountersWereLost(Limit limit) throws Exception {
    try (TestFleet fleet = fleet(TestFleet.PATIENT)) {
      TestFleet.Member one = fleet.members.getFirst();
      one.settle(take(one, limit, 600), limit, new Spent(1, 0, 600));
      Hold first = take(one, limit, Long.MAX_VALUE);
      Hold second = take(one, limit, Long.MAX_VALUE);
      fleet.awaitLeft(limit, 0);

      redis.flushAll();

      fleet.awaitLeft(limit, 0);
      one.settle(first, limit, new Spent(1, 0, 1));
      fleet.awaitLeft(limit, 0);
      one.settle(second, limit, new Spent(1, 0, 2));
      fleet.awaitLeft(limit, 397);
    }
  }

  private TestFleet fleet(Terms.Waits waits) {
    return TestFleet.of(redis.url().toString(), false, waits, 2);
  }

  private static Hold take(TestFleet.Member member, Limit limit, long amount) {
    Taking taking = TestFleet.take(member.quotas(), limit, amount);
    assertThat(taking).isInstanceOf(Taking.Taken.class);
    return ((Taking.Taken) taking).hold();
  }
}
