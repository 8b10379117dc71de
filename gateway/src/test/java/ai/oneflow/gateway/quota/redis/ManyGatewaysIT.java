package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Three gateways, a thousand callers at once, and a budget that a tenth of them fits.
final class ManyGatewaysIT {
  private static final int CALLERS = 1_000;
  private static final long AMOUNT = CALLERS / 10 * Callers.BOUND;

  /// The ids that are in leases.
  private static final String CHECKPOINTS =
      """
      local all = {}
      for _, key in ipairs(redis.call('KEYS', '*lease:*')) do
        for _, field in ipairs(redis.call('HKEYS', key)) do
          if field:sub(1, 2) == 'c:' then all[#all + 1] = field end
        end
      end
      return table.concat(all, ' ')""";

  private RedisServer redis;

  @BeforeEach
  void start() throws IOException {
    Optional<RedisProgram> program = RedisProgram.any();
    assumeTrue(program.isPresent(), "no Redis is installed: redis-server not found");
    redis = RedisServer.start(program.orElseThrow(), Persistence.ALWAYS);
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      redis.close();
    }
  }

  private static Limit budget(Unit unit) {
    return Limit.hard("budget " + unit, "key a/b", unit, new Span.Whole(), AMOUNT);
  }

  private TestFleet fleet(boolean shares, Terms.Waits waits) {
    return TestFleet.of(redis.url().toString(), shares, waits, 3);
  }

  /// All that is left is less than another request needs, and every counter says what was charged.
  private static void assertSpentAndNotOverspent(TestFleet fleet, Limit limit) {
    long left = AMOUNT - fleet.charged();
    assertThat(left).isBetween(0L, Callers.BOUND - 1);
    fleet.awaitLeft(limit, left);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void overspendNothingAndLeaveLessThanOneRequestNeeds(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      for (Unit unit : new Unit[] {Unit.CREDITS, Unit.TOKENS}) {
        long before = fleet.charged();
        Limit limit = budget(unit);

        Callers.start(fleet.members, limit, CALLERS).await();

        long left = AMOUNT - (fleet.charged() - before);
        assertThat(left).isBetween(0L, Callers.BOUND - 1);
        fleet.awaitLeft(limit, left);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countRequestsExactly(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.REQUESTS).of(CALLERS / 10);

      int served = Callers.start(fleet.members, limit, CALLERS).await();

      assertThat(served).isEqualTo(CALLERS / 10);
      fleet.awaitLeft(limit, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goOnWhereARestartedRedisLeftOff(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.CREDITS);
      Callers callers = Callers.start(fleet.members, limit, CALLERS);
      Awaitility.await().until(() -> callers.served() > 20);

      redis.kill();
      redis.startAgain();

      callers.await();
      assertSpentAndNotOverspent(fleet, limit);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countAnewWhenRedisHasForgotten(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.CREDITS);
      Callers callers = Callers.start(fleet.members, limit, CALLERS);
      Awaitility.await().until(() -> callers.served() > 20);

      redis.flushAll();

      callers.await();
      assertSpentAndNotOverspent(fleet, limit);
      assertThat(fleet.members)
          .extracting(member -> member.quotas().statistics().rebuilds())
          .anyMatch(rebuilds -> rebuilds > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countAnewWhenRedisCameBackEmpty(boolean shares) throws Exception {
    try (RedisServer forgetful =
            RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
        TestFleet fleet = TestFleet.of(forgetful.url().toString(), shares, Terms.Waits.USUAL, 3)) {
      Limit limit = budget(Unit.CREDITS);
      Callers callers = Callers.start(fleet.members, limit, CALLERS);
      Awaitility.await().until(() -> callers.served() > 20);

      forgetful.kill();
      forgetful.startAgain();

      callers.await();
      assertSpentAndNotOverspent(fleet, limit);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void giveBackWhatADeadGatewayHeld(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, new Terms.Waits(3_000, 2_000))) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member doomed = fleet.members.getFirst();
      for (int i = 0; i < 5; i++) {
        assertThat(TestFleet.take(doomed.quotas(), limit, Callers.BOUND))
            .isInstanceOf(Taking.Taken.class);
      }

      fleet.kill(doomed);

      fleet.awaitLeft(limit, AMOUNT);
      Callers.start(fleet.members, limit, CALLERS).await();
      assertSpentAndNotOverspent(fleet, limit);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void giveBackWhatTheyHeldBeforeARestart(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member doomed = fleet.members.getFirst();
      TestFleet.take(doomed.quotas(), limit, Callers.BOUND);
      fleet.kill(doomed);

      fleet.start("gateway-0");

      fleet.awaitLeft(limit, AMOUNT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decideAtOnceWhileRedisStandsStillAndCatchUpLater(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, Terms.Waits.USUAL)) {
      Limit limit = budget(Unit.CREDITS);
      Callers callers = Callers.start(fleet.members, limit, CALLERS);
      Awaitility.await().until(() -> callers.served() > 20);
      redis.pause();

      for (TestFleet.Member member : fleet.members) {
        TestFleet.taking(member.quotas(), limit, AMOUNT + 1).get(200, TimeUnit.MILLISECONDS);
        assertThat(TestFleet.taking(member.quotas(), limit, AMOUNT + 1)).isDone();
      }

      redis.resume();
      callers.await();
      assertSpentAndNotOverspent(fleet, limit);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countAnewUnderALeaseOfTheirOwnAfterBeingTakenForDead(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, new Terms.Waits(3_000, 60_000))) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member alive = fleet.members.getFirst();
      Taking.Taken taken = (Taking.Taken) TestFleet.take(alive.quotas(), limit, Callers.BOUND);

      fleet.start("gateway-0"); // by the same name, so that the former is taken for dead

      fleet.awaitLeft(limit, AMOUNT - Callers.BOUND);
      alive.settle(taken.hold(), limit, new Spent(1, 3, 3));
      fleet.awaitLeft(limit, AMOUNT - 3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void waitForTheLedgerBeforeTheyCountAnew(boolean shares) throws Exception {
    try (TestFleet fleet = fleet(shares, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member one = fleet.members.getFirst();
      Taking.Taken taken = (Taking.Taken) TestFleet.take(one.quotas(), limit, Callers.BOUND);
      one.settle(taken.hold(), limit, new Spent(1, 7, 7));
      fleet.sql.goAway();

      redis.flushAll();

      for (TestFleet.Member member : fleet.members) {
        Awaitility.await()
            .atMost(TestFleet.LONG)
            .until(() -> TestFleet.take(member.quotas(), limit, 1) instanceof Taking.Unreachable);
      }
      fleet.sql.comeBack();
      fleet.awaitLeft(limit, AMOUNT - fleet.charged());
    }
  }

  static List<Span> spans() {
    return List.of(
        new Span.Sliding(60_000),
        new Span.Sliding(3_600_000),
        new Span.Calendar(Span.Period.MONTH, ZoneId.of("Europe/Berlin")),
        new Span.Whole());
  }

  @ParameterizedTest
  @MethodSource("spans")
  void countAnewWhatIsUsedAndWhatIsUnderWay(Span span) throws Exception {
    try (TestFleet fleet = fleet(true, TestFleet.PATIENT)) {
      Limit limit = Limit.hard("any", "key a/b", Unit.CREDITS, span, AMOUNT);
      TestFleet.Member one = fleet.members.getFirst();
      Taking.Taken first = (Taking.Taken) TestFleet.take(one.quotas(), limit, Callers.BOUND);
      Taking.Taken second = (Taking.Taken) TestFleet.take(one.quotas(), limit, Callers.BOUND);
      one.settle(first.hold(), limit, new Spent(1, 7, 7));

      redis.flushAll();

      fleet.awaitLeft(limit, AMOUNT - 7 - Callers.BOUND);
      one.settle(second.hold(), limit, new Spent(1, 5, 5));
      fleet.awaitLeft(limit, AMOUNT - 7 - 5);
    }
  }

  @Test
  void tellOfAThresholdOnceTogether() throws Exception {
    try (TestFleet fleet = fleet(true, TestFleet.PATIENT)) {
      Limit plain = budget(Unit.CREDITS);
      Limit limit =
          new Limit(
              plain.counter(),
              plain.subject(),
              plain.unit(),
              plain.span(),
              plain.amount(),
              plain.binding(),
              plain.whenAway(),
              "",
              List.of(50, 90));

      Callers.start(fleet.members, limit, CALLERS).await();

      Awaitility.await().atMost(TestFleet.LONG).until(() -> fleet.crossings.size() >= 2);
      assertThat(fleet.crossings).extracting(Crossing::percent).containsExactly(50, 90);
    }
  }

  @Test
  void recordWhatRequestsOfADeadGatewayHadCome() throws Exception {
    try (TestFleet fleet = fleet(false, new Terms.Waits(3_000, 2_000))) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member doomed = fleet.members.getFirst();
      Taking.Taken taken = (Taking.Taken) TestFleet.take(doomed.quotas(), limit, Callers.BOUND);
      doomed.ledger().underWay.add(new Checkpoint("event-1", taken.hold(), new byte[] {1, 2}));
      Awaitility.await()
          .atMost(TestFleet.LONG)
          .until(() -> redis.ask("EVAL", CHECKPOINTS, "0").contains("event-1"));
      long now = System.currentTimeMillis();
      fleet.members.stream()
          .skip(1)
          .forEach(member -> member.ledger().orphans.add(new Orphans.Used(limit, now, 6)));

      fleet.kill(doomed);

      fleet.awaitLeft(limit, AMOUNT - 6);
      List<Orphans.Death> deaths =
          fleet.members.stream().flatMap(member -> member.ledger().deaths.stream()).toList();
      assertThat(deaths).hasSize(1);
      assertThat(deaths.getFirst().instance()).isEqualTo("gateway-0");
      assertThat(deaths.getFirst().checkpoints()).containsOnlyKeys("event-1");
      assertThat(deaths.getFirst().untold().orElseThrow().fromMillis()).isPositive();
    }
  }

  @Test
  void forgetTheProgressOfARequestThatHasEnded() throws Exception {
    try (TestFleet fleet = fleet(false, TestFleet.PATIENT)) {
      Limit limit = budget(Unit.CREDITS);
      TestFleet.Member member = fleet.members.getFirst();
      Taking.Taken taken = (Taking.Taken) TestFleet.take(member.quotas(), limit, Callers.BOUND);
      member.ledger().underWay.add(new Checkpoint("event-1", taken.hold(), new byte[] {1}));
      Awaitility.await()
          .atMost(TestFleet.LONG)
          .until(() -> redis.ask("EVAL", CHECKPOINTS, "0").contains("event-1"));

      member.settle(taken.hold(), limit, new Spent(1, 1, 1));

      Awaitility.await()
          .atMost(TestFleet.LONG)
          .until(() -> !redis.ask("EVAL", CHECKPOINTS, "0").contains("event-1"));
      assertThat(TestFleet.left(member.quotas(), limit)).contains(AMOUNT - 1);
    }
  }
}
