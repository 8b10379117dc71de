package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.gateway.redis.RedisLink;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two gateways that count anew, step by step.
final class RebuildIT {
  private static final Keys KEYS = new Keys("ai/main");

  private RedisServer redis;
  private RedisLink link;
  private Commands commands;

  @BeforeEach
  void start() throws IOException {
    redis = InstalledRedis.start();
    RedisSettings settings =
        new RedisSettings(
            redis.url().toString(),
            Optional.empty(),
            false,
            false,
            "ai/main",
            "gateway",
            new Run(0, "first"));
    link = new RedisLink(settings.address(), () -> {});
    link.connect();
    commands = new Commands(link);
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      link.close();
      redis.close();
    }
  }

  @Test
  void writesOnceAllThatAreHeardOfAreReady() throws Exception {
    Rebuild one = rebuild("one", () -> {});
    Rebuild two = rebuild("two", () -> {});
    commands.see(KEYS.gateways(), "two");

    one.step(); // claims
    one.step(); // is ready, and waits
    assertThat(commands.get(KEYS.epoch())).isEmpty();
    two.step();
    one.step();

    Optional<String> epoch = commands.get(KEYS.epoch());
    assertThat(epoch).isPresent();
    assertThat(one.step()).isEqualTo(epoch);
    assertThat(two.step()).isEqualTo(epoch);
    assertThat(one.wrote()).isTrue();
    assertThat(two.wrote()).isFalse();
  }

  @Test
  void beginsAgainForOneThatCameWhenTheLeasesHadBeenRead() throws Exception {
    Rebuild late = rebuild("late", () -> {});
    Rebuild first = rebuild("first", () -> stepped(late));

    first.step(); // claims
    first.step(); // writes, while the other gets ready
    assertThat(commands.get(KEYS.epoch())).isPresent();

    assertThat(late.step()).isEmpty();
    assertThat(commands.get(KEYS.epoch())).isEmpty();
  }

  @Test
  void doesNotTrustCountersThatWereMadeWithoutIt() throws Exception {
    Rebuild first = rebuild("first", () -> {});
    first.step();
    first.step();
    assertThat(commands.get(KEYS.epoch())).isPresent();

    assertThat(rebuild("other", () -> {}).step()).isEmpty();

    assertThat(commands.get(KEYS.epoch())).isEmpty();
  }

  @Test
  void keepsItsClaimWhileTheLedgerIsRead() throws Exception {
    CountDownLatch kept = new CountDownLatch(1);
    Rebuild slow = rebuild("slow", () -> untilKept(kept));

    slow.step(); // claims
    slow.step(); // writes, for longer than the claim would last

    assertThat(kept.getCount()).isZero();
    assertThat(slow.step()).isEqualTo(commands.get(KEYS.epoch())).isPresent();
  }

  private void untilKept(CountDownLatch kept) {
    ask("PEXPIRE", KEYS.rebuild(), "4000");
    Awaitility.await().atMost(TestFleet.LONG).until(() -> claimMillis() > 5_000);
    kept.countDown();
  }

  private long claimMillis() {
    return Long.parseLong(ask("PTTL", KEYS.rebuild()).strip());
  }

  private String ask(String... command) {
    try {
      return redis.ask(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stepped(Rebuild rebuild) {
    try {
      assertThat(rebuild.step()).isEmpty();
    } catch (Commands.Unanswered | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param meanwhile what happens while the ledger is read
  private Rebuild rebuild(String lease, Runnable meanwhile) {
    LedgerGate gate =
        new LedgerGate() {
          @Override
          public <T> T between(Supplier<T> task) {
            return task.get();
          }

          @Override
          public CompletableFuture<Void> drainAndPause() {
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public void resume() {}
        };
    RedisLedger ledger =
        new RedisLedger(
            gate,
            _ -> meanwhile.run(),
            new Past() {
              @Override
              public Map<String, String> limits() {
                return Map.of();
              }

              @Override
              public void visit(Set<String> marks, Past.Visitor visitor) {}
            },
            List::of,
            _ -> CompletableFuture.completedFuture(List.of()));
    Terms terms = new Terms(KEYS, new RedisTime(), false, TestFleet.PATIENT, _ -> {});
    Desk desk = new Desk(terms, link, new Untroubled());
    return new Rebuild(KEYS, commands, desk, ledger, new Rebuild.Leases("", lease));
  }
}
