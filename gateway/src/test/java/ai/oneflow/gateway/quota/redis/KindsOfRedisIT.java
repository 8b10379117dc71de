package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.WhenAway;
import ai.oneflow.servers.RedisCluster;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisSentinel;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Redis 6.2 and 7 and Valkey, each skipped by its name where it is not here, Sentinels, and a
/// Redis Cluster.
final class KindsOfRedisIT {
  private static final Limit BUDGET =
      new Limit(
          "budget",
          "key a/b",
          Unit.CREDITS,
          new Span.Whole(),
          1_000,
          Binding.HARD,
          WhenAway.LOCAL_SHARE,
          "",
          List.of(4, 8));
  private static final Limit WINDOW =
      Limit.hard("window", "key a/b", Unit.CREDITS, new Span.Sliding(3_600_000), 1_000);

  private static RedisProgram any() {
    Optional<RedisProgram> program = RedisProgram.any();
    assumeTrue(program.isPresent(), "no Redis is installed: redis-server not found");
    return program.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Redis 6.2", "Redis 7", "Valkey"})
  void countInEveryVersion(String version) throws Exception {
    Optional<RedisProgram> program =
        RedisProgram.installed().stream().filter(it -> it.name().startsWith(version)).findFirst();
    assumeTrue(program.isPresent(), version + " is not installed");
    try (RedisServer redis = RedisServer.start(program.orElseThrow(), Persistence.NONE);
        TestFleet fleet = TestFleet.of(redis.url().toString(), true, TestFleet.PATIENT, 2)) {
      spends(fleet);
    }
  }

  @Test
  void countInAClusterOfThree() throws Exception {
    try (RedisCluster cluster = RedisCluster.start(any(), 3);
        TestFleet fleet = new TestFleet(cluster.url().toString(), true, true, TestFleet.PATIENT)) {
      fleet.start("gateway-0");
      fleet.start("gateway-1");
      spends(fleet);
    }
  }

  @Test
  void countAnewOnTheReplicaThatTakesAPrimarysPlace() throws Exception {
    try (RedisSentinel sentinel = RedisSentinel.start(any());
        TestFleet fleet =
            TestFleet.of(
                "redis-sentinel://127.0.0.1:" + sentinel.port() + "#" + RedisSentinel.MASTER,
                false,
                TestFleet.PATIENT,
                2)) {
      spends(fleet);

      sentinel.failOver();

      fleet.awaitLeft(BUDGET, 1_000 - fleet.charged());
    }
  }

  private static void spends(TestFleet fleet) {
    for (TestFleet.Member member : fleet.members) {
      Taking taking = TestFleet.take(member.quotas(), BUDGET, 100);
      assertThat(taking).isInstanceOf(Taking.Taken.class);
      member.settle(((Taking.Taken) taking).hold(), BUDGET, new Spent(1, 40, 40));
      assertThat(TestFleet.take(member.quotas(), WINDOW, 100)).isInstanceOf(Taking.Taken.class);
    }
    fleet.awaitLeft(BUDGET, 1_000 - fleet.charged());
    assertThat(fleet.charged()).isEqualTo(80);
    // Each gateway tells of its own, so the second may come first.
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(fleet.crossings)
                    .extracting(Crossing::percent)
                    .containsExactlyInAnyOrder(4, 8));
  }
}
