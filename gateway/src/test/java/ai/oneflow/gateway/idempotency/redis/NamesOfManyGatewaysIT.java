package ai.oneflow.gateway.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.idempotency.AnswerSeal;
import ai.oneflow.gateway.idempotency.Claim;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import ai.oneflow.gateway.idempotency.Turn;
import ai.oneflow.servers.RedisCluster;
import ai.oneflow.servers.RedisProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two gateways on one Redis, one of which dies, or loses Redis, or Redis loses what it had.
final class NamesOfManyGatewaysIT {
  private static final Duration LEASE = Duration.ofMillis(Replays.LEASE_MILLIS);
  private static final Conclusion.Kept ANSWER =
      new Conclusion.Kept(
          new StoredAnswer(
              200, Map.of("content-type", "a/b"), "a secret completion".getBytes(UTF_8)));

  private NamesInRedis names;
  private RedisReplays one;
  private RedisReplays two;

  @BeforeEach
  void start() throws IOException {
    names = NamesInRedis.start();
    one = names.gateway(_ -> {});
    two = names.gateway(_ -> {});
  }

  @AfterEach
  void stop() throws IOException {
    if (names != null) {
      names.close();
    }
  }

  @Test
  void shareNamesAndAnswers() {
    Turn turn = first(one, "n");
    assertThat(claim(two, "n")).isInstanceOf(Claim.UnderWay.class);

    turn.conclude(ANSWER);
    names.settleDown();

    assertThat(body(claim(two, "n"))).isEqualTo("a secret completion");
    assertThat(body(claim(one, "n"))).isEqualTo("a secret completion");
  }

  @Test
  void keepInRedisNothingThatOthersCouldRead() throws IOException {
    first(one, "n").conclude(ANSWER);
    names.settleDown();

    String key = names.redis.ask("KEYS", "oneflow:*");
    assertThat(names.redis.ask("HGETALL", key)).contains("answer").doesNotContain("completion");
    Identity ofAnotherSecret = new Identity("n", "body", new AnswerSeal(new byte[] {9}, "n"));
    assertThat(claim(two, ofAnotherSecret))
        .isEqualTo(new Claim.Concluded(new Conclusion.NotKept()));
  }

  @Test
  void freeTheNamesOfOneThatDies() {
    Turn turn = first(one, "n");
    turn.renew();
    names.settleDown();
    names.kill(one);
    assertThat(claim(two, "n")).isInstanceOf(Claim.UnderWay.class);

    names.pass(LEASE);

    assertThat(claim(two, "n")).isInstanceOf(Claim.First.class);
  }

  @Test
  void tellOfAnAnswerBeforeTheyEnd() {
    first(one, "n").conclude(ANSWER);

    one.close();

    assertThat(body(claim(two, "n"))).isEqualTo("a secret completion");
  }

  @Test
  void takeANameAnewThatRedisHasLost() throws IOException {
    Turn turn = first(one, "n");
    names.redis.flushAll();

    turn.renew();
    names.settleDown();

    assertThat(claim(two, "n")).isInstanceOf(Claim.UnderWay.class);
  }

  @Test
  void refuseWhileRedisIsSilentAndAtOnceWhenThatIsKnown() {
    names.redis.pause();

    assertThat(claim(one, "n")).isInstanceOf(Claim.Unreachable.class);
    CompletableFuture<Claim> next = new CompletableFuture<>();
    one.claim(identity("m"), Runnable::run, next::complete);
    assertThat(next).isCompletedWithValue(new Claim.Unreachable());

    names.redis.resume();
    awaiting().untilAsserted(() -> assertThat(claim(one, "other")).isInstanceOf(Claim.First.class));
  }

  @Test
  void giveBackANameThatRedisGaveTooLate() {
    names.redis.pause();
    assertThat(claim(one, "n")).isInstanceOf(Claim.Unreachable.class);

    names.redis.resume();

    awaiting().untilAsserted(() -> assertThat(claim(two, "n")).isInstanceOf(Claim.First.class));
  }

  @Test
  void sayOfAnAnswerUntilRedisHasIt() {
    Turn turn = first(one, "n");
    names.redis.pause();
    turn.conclude(ANSWER);
    awaiting().until(() -> claim(one, "n") instanceof Claim.Unreachable);

    names.redis.resume();

    awaiting().until(() -> claim(two, "n") instanceof Claim.Concluded);
    assertThat(body(claim(two, "n"))).isEqualTo("a secret completion");
  }

  @Test
  void serveNothingTwiceWhereRedisIsFull() throws IOException {
    Turn turn = first(one, "n");
    names.redis.ask("CONFIG", "SET", "maxmemory", "1");

    assertThat(claim(one, "m")).isInstanceOf(Claim.Unreachable.class);
    turn.conclude(ANSWER);
    awaiting().until(() -> left("n") > Replays.LEASE_MILLIS);
    names.pass(LEASE);

    awaiting().untilAsserted(() -> assertThat(claim(two, "n")).isInstanceOf(Claim.UnderWay.class));
    names.redis.ask("CONFIG", "SET", "maxmemory", "0");
    awaiting().until(() -> claim(two, "n") instanceof Claim.Concluded);
  }

  @Test
  void spreadTheirNamesOverACluster() throws Exception {
    try (RedisCluster cluster = RedisCluster.start(RedisProgram.any().orElseThrow(), 3)) {
      RedisReplays here = names.gateway(cluster.url().toString(), true, _ -> {});
      RedisReplays there = names.gateway(cluster.url().toString(), true, _ -> {});
      for (int i = 0; i < 20; i++) {
        first(here, "n" + i).conclude(ANSWER);
      }
      names.settleDown();

      for (int i = 0; i < 20; i++) {
        assertThat(body(claim(there, "n" + i))).isEqualTo("a secret completion");
      }
      names.kill(here);
      names.kill(there);
    }
  }

  private long left(String name) throws IOException {
    return Long.parseLong(names.redis.ask("PTTL", "oneflow:ai/main:request:" + name));
  }

  private static ConditionFactory awaiting() {
    return Awaitility.await()
        .atMost(NamesInRedis.LONG)
        .pollInterval(Duration.ofMillis(100))
        .pollInSameThread();
  }

  private static String body(Claim claim) {
    Conclusion conclusion = ((Claim.Concluded) claim).conclusion();
    return new String(((Conclusion.Kept) conclusion).answer().body(), UTF_8);
  }

  private static Turn first(Replays gateway, String name) {
    Claim claim = claim(gateway, name);
    assertThat(claim).isInstanceOf(Claim.First.class);
    return ((Claim.First) claim).turn();
  }

  private static Identity identity(String name) {
    return new Identity(name, "body", new AnswerSeal(new byte[] {1}, name));
  }

  private static Claim claim(Replays gateway, String name) {
    return claim(gateway, identity(name));
  }

  private static Claim claim(Replays gateway, Identity identity) {
    CompletableFuture<Claim> claim = new CompletableFuture<>();
    gateway.claim(identity, Runnable::run, claim::complete);
    return claim.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
