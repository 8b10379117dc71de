package ai.oneflow.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// That tests can rely on what breaks and what lasts.
final class RedisServersIT {
  static List<RedisProgram> programs() {
    return RedisProgram.installed();
  }

  @Test
  void someServerIsHere() {
    assumeTrue(!programs().isEmpty(), "no Redis is installed: redis-server not found");
    System.out.println("servers that speak Redis: " + programs());
    assertThat(programs()).extracting(RedisProgram::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("programs")
  void whatWasAcknowledgedOutlivesAKillWhereItIsAppended(RedisProgram redis) throws IOException {
    try (RedisServer lasting = RedisServer.start(redis, Persistence.ALWAYS);
        RedisServer forgetful = RedisServer.start(redis, Persistence.NONE)) {
      for (RedisServer server : List.of(lasting, forgetful)) {
        server.ask("SET", "count", "17");
        server.kill();
        server.startAgain();
      }
      assertThat(lasting.ask("GET", "count")).isEqualTo("17");
      assertThat(forgetful.ask("GET", "count")).isEmpty();
      lasting.flushAll();
      assertThat(lasting.ask("GET", "count")).isEmpty();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("programs")
  void theEndOfWhatWasAppendedCanBeLostAndAllOfIt(RedisProgram redis) throws IOException {
    try (RedisServer server = RedisServer.start(redis, Persistence.EVERY_SECOND)) {
      server.ask("SET", "count", "17");
      server.ask("SET", "count", "18");
      server.kill();
      server.startAgainWithoutTheLatest(10);
      assertThat(server.ask("GET", "count")).isEqualTo("17");

      server.kill();
      server.startAgainWithNothing();
      assertThat(server.ask("GET", "count")).isEmpty();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("programs")
  void aPausedServerAnswersOnceItIsResumed(RedisProgram redis) throws Exception {
    try (RedisServer server = RedisServer.start(redis, Persistence.NONE)) {
      server.pause();
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(() -> ping(server), Thread::startVirtualThread);
      assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      server.resume();

      assertThat(answer.join()).isEqualTo("PONG");
    }
  }

  private static String ping(RedisServer server) {
    try {
      return server.ask("PING");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("programs")
  void aClusterOfThreeServesEverySlot(RedisProgram redis) throws IOException {
    try (RedisCluster cluster = RedisCluster.start(redis, 3)) {
      long taken = 0;
      for (RedisServer node : cluster.nodes()) {
        for (String key : List.of("a", "b", "c", "d")) {
          taken += sets(node, key);
        }
      }
      assertThat(taken).isEqualTo(4);
    }
  }

  /// 1 where the node keeps the key, 0 where it names another.
  private static long sets(RedisServer node, String key) throws IOException {
    try {
      return node.ask("SET", key, "1").equals("OK") ? 1 : 0;
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("MOVED");
      return 0;
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("programs")
  void aSentinelPutsTheReplicaInAKilledMastersPlace(RedisProgram redis) throws IOException {
    try (RedisSentinel group = RedisSentinel.start(redis)) {
      group.master().ask("SET", "count", "17");
      await().until(() -> group.replica().ask("GET", "count").equals("17"));
      group.failOver();
      assertThat(group.replica().ask("GET", "count")).isEqualTo("17");
      assertThat(group.replica().ask("INCR", "count")).isEqualTo("18");
    }
  }
}
