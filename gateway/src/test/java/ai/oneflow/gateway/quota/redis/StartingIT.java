package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What limits that come in the middle of their period begin with, and what holds meanwhile.
final class StartingIT {
  private static final long AMOUNT = 10_000;
  private static final Limit OLD = budget("key|a/old|credits|total");
  private static final Limit NEW = budget("key|a/new|credits|total");

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

  private static Limit budget(String counter) {
    return Limit.hard(counter, "key a/b", Unit.CREDITS, new Span.Whole(), AMOUNT);
  }

  /// Gateways that have the old limit in force.
  private TestFleet fleet(int gateways) {
    TestFleet fleet =
        TestFleet.of(redis.url().toString(), true, new Terms.Waits(3_000, 60_000), gateways);
    fleet.members.forEach(member -> done(member.configure(OLD)));
    return fleet;
  }

  private static void done(CompletableFuture<Void> known) {
    known.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static void addTo(TestFleet fleet) {
    fleet.members.stream()
        .map(member -> member.configure(OLD, NEW))
        .toList()
        .forEach(StartingIT::done);
  }

  private static Taking.Taken taken(TestFleet.Member member, Limit limit, long amount) {
    return (Taking.Taken) TestFleet.take(member.quotas(), limit, amount);
  }

  @Test
  void haveWhatEachGatewayHasUsedOnce() {
    try (TestFleet fleet = fleet(3)) {
      fleet.members.forEach(member -> member.ledger().add(NEW, 5));

      addTo(fleet);

      fleet.awaitLeft(NEW, AMOUNT - 15);
      Taking.Taken taken = taken(fleet.members.getLast(), NEW, 10);
      fleet.members.getLast().settle(taken.hold(), NEW, new Spent(1, 4, 4));
      fleet.awaitLeft(NEW, AMOUNT - 19);
    }
  }

  @Test
  void haveWhatIsUsedByOneThatLearnsOfThemLater() {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member first = fleet.members.getFirst();
      TestFleet.Member late = fleet.members.getLast();
      late.ledger().add(NEW, 5);

      done(first.configure(OLD, NEW));
      late.ledger().add(NEW, 6);
      done(late.configure(OLD, NEW));

      fleet.awaitLeft(NEW, AMOUNT - 11);
    }
  }

  @Test
  void haveWhatEndsWhileTheLedgerIsRead() {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member first = fleet.members.getFirst();
      first.ledger().add(NEW, 5);
      first.ledger().whenRead(() -> first.use(NEW, 6));

      addTo(fleet);

      fleet.awaitLeft(NEW, AMOUNT - 11);
    }
  }

  @Test
  void refuseWhileTheLedgerIsReadAndLeaveOthersAlone() {
    try (TestFleet fleet = fleet(1)) {
      TestFleet.Member member = fleet.members.getFirst();
      Limit allowed =
          new Limit(
              NEW.counter() + "|allowed",
              NEW.subject(),
              NEW.unit(),
              NEW.span(),
              AMOUNT,
              Binding.HARD,
              WhenAway.ALLOW,
              "",
              List.of());
      CompletableFuture<Void> stored = new CompletableFuture<>();
      member.ledger().storeWhen(stored);

      CompletableFuture<Void> known = member.configure(OLD, NEW, allowed);

      assertThat(TestFleet.take(member.quotas(), NEW, 1)).isInstanceOf(Taking.Unreachable.class);
      Taking.Taken passed = taken(member, allowed, 1);
      Taking.Taken other = taken(member, OLD, 1);
      assertThat(known).isNotDone();
      member.settle(other.hold(), OLD, new Spent(1, 1, 1));
      stored.complete(null);
      done(known);
      member.settle(passed.hold(), allowed, new Spent(1, 1, 1));
      fleet.awaitLeft(OLD, AMOUNT - 1);
      fleet.awaitLeft(NEW, AMOUNT);
      fleet.awaitLeft(allowed, AMOUNT - 1);
    }
  }

  @Test
  void haveWhatWasUsedByOneThatDiesBeforeItHasToldAll() {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member doomed = fleet.members.getFirst();
      fleet.members.forEach(member -> member.ledger().add(NEW, 5));
      doomed.ledger().storeWhen(new CompletableFuture<>());
      assertThat(doomed.configure(OLD, NEW)).isNotDone();

      fleet.kill(doomed);
      addTo(fleet);

      fleet.awaitLeft(NEW, AMOUNT - 10);
      TestFleet.Member again = fleet.begin("gateway-0");
      done(again.configure(OLD, NEW));
      fleet.awaitLeft(NEW, AMOUNT - 10);
    }
  }

  @Test
  void areCountedAnewWhenRedisHasForgotten() throws IOException {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member one = fleet.members.getFirst();
      one.ledger().add(NEW, 5);
      addTo(fleet);
      Taking.Taken ended = taken(one, NEW, 10);
      Taking.Taken underWay = taken(one, NEW, 10);
      one.settle(ended.hold(), NEW, new Spent(1, 4, 4));

      redis.flushAll();

      fleet.awaitLeft(NEW, AMOUNT - 9 - 10);
      one.settle(underWay.hold(), NEW, new Spent(1, 3, 3));
      fleet.awaitLeft(NEW, AMOUNT - 12);
    }
  }

  @Test
  void comeWhileCountersAreLost() throws IOException {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member one = fleet.members.getFirst();
      one.ledger().add(NEW, 5);
      Taking.Taken underWay = taken(one, OLD, 10);

      redis.flushAll();
      addTo(fleet);

      fleet.awaitLeft(NEW, AMOUNT - 5);
      one.settle(underWay.hold(), OLD, new Spent(1, 3, 3));
      fleet.awaitLeft(OLD, AMOUNT - 3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a#b", "#", "a#00000000"})
  void leaveWhatIsHeldOfValuesWithTheSignOfAStart(String user) {
    try (TestFleet fleet = fleet(1)) {
      Limit ofUser = budget("policy|a/total|user=" + user + "|credits|total");
      TestFleet.Member member = fleet.members.getFirst();
      done(member.configure(OLD, ofUser));
      Taking.Taken taken = taken(member, ofUser, 10);

      done(member.configure(OLD, ofUser, NEW));

      fleet.awaitLeft(ofUser, AMOUNT - 10);
      member.settle(taken.hold(), ofUser, new Spent(1, 3, 3));
      fleet.awaitLeft(ofUser, AMOUNT - 3);
    }
  }

  @Test
  void haveWhatIsHeldOfThemWhenTheyComeBack() {
    try (TestFleet fleet = fleet(2)) {
      TestFleet.Member one = fleet.members.getFirst();
      addTo(fleet);
      Taking.Taken taken = taken(one, NEW, 10);
      fleet.members.forEach(member -> done(member.configure(OLD)));
      fleet.members.getLast().ledger().add(NEW, 5);

      addTo(fleet);

      fleet.awaitLeft(NEW, AMOUNT - 15);
      one.settle(taken.hold(), NEW, new Spent(1, 3, 3));
      fleet.awaitLeft(NEW, AMOUNT - 8);
    }
  }

  @Test
  void haveWhatEndsWhileRedisDoesNotAnswerThatAllIsTold() throws Exception {
    try (TestFleet fleet = new TestFleet("", false, true, new Terms.Waits(3_000, 60_000));
        TestWire wire = TestWire.to(redis.url())) {
      TestFleet.Member member = fleet.begin("gateway-0", new Run(1, "first"), wire.url());
      done(member.quotas().ready());
      done(member.configure(OLD));
      member.ledger().whenRead(wire::cut);

      CompletableFuture<Void> known = member.configure(OLD, NEW);
      Awaitility.await().until(() -> TestFleet.left(member.quotas(), OLD).isEmpty());
      member.use(NEW, 7);
      Awaitility.await() // longer than an answer is waited for elsewhere
          .during(Duration.ofSeconds(6))
          .atMost(TestFleet.LONG)
          .until(() -> !known.isDone());
      member.use(NEW, 8);
      wire.mend();

      done(known);
      fleet.awaitLeft(NEW, AMOUNT - 15);
    }
  }
}
