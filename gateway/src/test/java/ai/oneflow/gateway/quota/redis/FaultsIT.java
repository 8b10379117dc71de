package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What must not be counted twice, nor never, when a gateway and its Redis lose each other.
final class FaultsIT {
  private static final Span HOUR = new Span.Sliding(3_600_000);
  private static final Duration LONG = TestFleet.LONG;
  private static final Run FIRST = new Run(1, "first");

  private RedisServer redis;

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

  private TestFleet fleet(boolean shares, Terms.Waits waits, int gateways) {
    return TestFleet.of(redis.url().toString(), shares, waits, gateways);
  }

  private static Limit window(String name) {
    return Limit.hard(name, "key a/b", Unit.REQUESTS, HOUR, 1_000);
  }

  @Test
  void countsABatchOfMoreThanAScriptUnpacksAtOnce() throws Exception {
    try (TestFleet fleet = fleet(false, new Terms.Waits(20_000, 60_000), 1)) {
      RedisQuotas quotas = fleet.members.getFirst().quotas();
      List<CompletableFuture<Taking>> all = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        List<Limit> limits = new ArrayList<>();
        for (int k = 0; k < 20; k++) {
          limits.add(window(i + "w" + k));
        }
        CompletableFuture<Taking> taking = new CompletableFuture<>();
        all.add(taking);
        quotas.take(new Ask(limits, 1, 1), Runnable::run, taking::complete);
      }

      for (CompletableFuture<Taking> taking : all) {
        assertThat(taking.get(30, TimeUnit.SECONDS)).isInstanceOf(Taking.Taken.class);
      }
      fleet.awaitLeft(window("3w0"), 999);
      fleet.awaitLeft(window("599w19"), 999);

      for (CompletableFuture<Taking> taking : all) {
        quotas.settle(((Taking.Taken) taking.join()).hold(), new Spent(0, 0, 0));
      }
      fleet.awaitLeft(window("3w0"), 1_000);
      fleet.awaitLeft(window("599w19"), 1_000);
    }
  }

  @Test
  void leavesALeaseOfTheSameProcessAlone() throws Exception {
    try (TestFleet fleet = fleet(false, TestFleet.PATIENT, 0)) {
      String url = redis.url().toString();
      TestFleet.Member one = fleet.begin("gateway-0", FIRST, url);
      one.quotas().ready().get(20, TimeUnit.SECONDS);
      Limit limit = window("any");
      TestFleet.take(one.quotas(), limit, 1);

      TestFleet.Member two = fleet.begin("gateway-0", FIRST, url);
      two.quotas().ready().get(20, TimeUnit.SECONDS);

      fleet.awaitLeft(limit, 999);
      assertThat(two.quotas().statistics().reaped()).isZero();
      assertThat(two.ledger().deaths).isEmpty();
    }
  }

  @Test
  void countsOnceWhatOthersCountedForOneThatWasCutOff() throws Exception {
    Limit limit =
        new Limit(
            "budget",
            "key a/b",
            Unit.CREDITS,
            new Span.Whole(),
            10_000,
            Binding.HARD,
            WhenAway.ALLOW,
            "",
            List.of());
    try (TestWire wire = TestWire.to(redis.url());
        TestFleet fleet = fleet(false, new Terms.Waits(25, 3_000), 1)) {
      TestFleet.Member other = fleet.members.getFirst();
      TestFleet.Member lonely = fleet.begin("gateway-1", FIRST, wire.url());
      lonely.quotas().ready().get(20, TimeUnit.SECONDS);
      Taking.Taken early = (Taking.Taken) TestFleet.take(lonely.quotas(), limit, 10);
      other.ledger().orphans.add(new Orphans.Used(limit, System.currentTimeMillis(), 107));
      wire.cut();

      lonely.settle(early.hold(), limit, new Spent(1, 7, 7));
      for (int i = 0; i < 100; i++) {
        Taking.Taken taken = (Taking.Taken) TestFleet.take(lonely.quotas(), limit, 10);
        lonely.settle(taken.hold(), limit, new Spent(1, 1, 1));
      }
      Awaitility.await().atMost(LONG).until(() -> other.quotas().statistics().reaped() == 1);
      assertThat(TestFleet.left(other.quotas(), limit)).contains(10_000L - 107);

      wire.mend();

      Awaitility.await().atMost(LONG).until(() -> lonely.quotas().statistics().pending() == 0);
      fleet.awaitLeft(limit, 10_000 - 107);
    }
  }

  @Test
  void connectsAnewWhenNobodyIsAtTheOtherEnd() throws Exception {
    try (TestWire wire = TestWire.to(redis.url());
        TestFleet fleet = fleet(false, Terms.Waits.USUAL, 0)) {
      TestFleet.Member member = fleet.begin("gateway-0", FIRST, wire.url());
      member.quotas().ready().get(20, TimeUnit.SECONDS);
      Limit limit = window("any");
      TestFleet.take(member.quotas(), limit, 1);

      wire.silence();

      fleet.awaitLeft(limit, 999);
    }
  }
}
