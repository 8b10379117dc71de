package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who counts what a dead gateway left, and how often.
final class DeathsIT {
  private static final Run FIRST = new Run(1_000, "first");
  private static final Run SECOND = new Run(2_000, "second");
  private static final long AMOUNT = 1_000;
  private static final Limit LIMIT =
      Limit.hard("budget", "key a/b", Unit.CREDITS, new Span.Whole(), AMOUNT);
  private static final Terms.Waits SHORT = new Terms.Waits(3_000, 2_000);

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

  private TestFleet.Member ready(TestFleet fleet, String instance, Run run) throws Exception {
    TestFleet.Member member = fleet.begin(instance, run, redis.url().toString());
    member.quotas().ready().get(20, TimeUnit.SECONDS);
    return member;
  }

  private static void spend(TestFleet.Member member, long amount) {
    Taking.Taken taken = (Taking.Taken) TestFleet.take(member.quotas(), LIMIT, amount);
    member.settle(taken.hold(), LIMIT, new Spent(1, amount, amount));
  }

  /// What it records itself it tells itself.
  @Test
  void aRunThatComesBackAsksForNothingOfItsOwnTime() throws Exception {
    try (TestFleet fleet = TestFleet.of(redis.url().toString(), false, TestFleet.PATIENT, 0)) {
      TestFleet.Member first = ready(fleet, "gateway-0", FIRST);
      spend(first, 10);
      fleet.awaitLeft(LIMIT, AMOUNT - 10);
      fleet.kill(first);

      TestFleet.Member second = ready(fleet, "gateway-0", SECOND);

      List<Orphans.Death> deaths = second.ledger().deaths;
      assertThat(deaths).hasSize(1);
      assertThat(deaths.getFirst().untold().orElseThrow().untilMillis()).isEqualTo(2_000);
    }
  }

  /// It alone has the journal, out of which SQL gets the rest.
  @Test
  void aDeadRunIsLeftToTheNextOneThatLives() throws Exception {
    try (TestFleet fleet = TestFleet.of(redis.url().toString(), false, SHORT, 0)) {
      TestFleet.Member other = ready(fleet, "gateway-1", FIRST);
      TestFleet.Member first = ready(fleet, "gateway-0", FIRST);
      TestFleet.take(first.quotas(), LIMIT, 10);
      fleet.sql.goAway();
      fleet.kill(first);

      TestFleet.Member second = ready(fleet, "gateway-0", SECOND);
      Awaitility.await().atMost(TestFleet.LONG).until(() -> second.ledger().deaths.size() > 2);
      assertThat(other.ledger().deaths).isEmpty();
      fleet.sql.comeBack();

      fleet.awaitLeft(LIMIT, AMOUNT);
      assertThat(other.ledger().deaths).isEmpty();
    }
  }

  /// It is new to the ledger once, so whoever asks again must have the first answer.
  @Test
  void whatTakesLongToBeRecordedIsCountedOnce() throws Exception {
    try (TestFleet fleet = TestFleet.of(redis.url().toString(), false, SHORT, 0)) {
      TestFleet.Member other = ready(fleet, "gateway-1", FIRST);
      TestFleet.Member first = ready(fleet, "gateway-0", FIRST);
      TestFleet.take(first.quotas(), LIMIT, 10);
      other.ledger().orphans.add(new Orphans.Used(LIMIT, System.currentTimeMillis(), 6));
      other
          .ledger()
          .recordWhen(new CompletableFuture<Void>().completeOnTimeout(null, 7, TimeUnit.SECONDS));

      fleet.kill(first);

      fleet.awaitLeft(LIMIT, AMOUNT - 6);
      Awaitility.await()
          .atMost(TestFleet.LONG)
          .until(() -> other.quotas().statistics().reaped() == 1);
      assertThat(other.ledger().deaths).hasSize(1);
    }
  }
}
