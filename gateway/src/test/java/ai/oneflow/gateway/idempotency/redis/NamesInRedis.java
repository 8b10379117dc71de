package ai.oneflow.gateway.idempotency.redis;

import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.gateway.redis.RedisAddress;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/// A Redis, the gateways that keep names in it, and a hand on its clock.
final class NamesInRedis implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(20);

  final RedisServer redis;
  private final List<RedisReplays> gateways = new ArrayList<>();

  private NamesInRedis(RedisServer redis) {
    this.redis = redis;
  }

  static NamesInRedis start() throws IOException {
    return new NamesInRedis(InstalledRedis.start());
  }

  RedisReplays gateway(Replays.Listener listener) {
    return gateway(redis.url().toString(), false, listener);
  }

  RedisReplays gateway(String url, boolean cluster, Replays.Listener listener) {
    RedisReplays gateway =
        RedisReplays.open(new RedisAddress(url, Optional.empty(), cluster), "ai/main", listener);
    gateways.add(gateway);
    Awaitility.await().atMost(LONG).until(gateway::isConnected);
    return gateway;
  }

  void kill(RedisReplays gateway) {
    gateways.remove(gateway);
    gateway.abandon();
  }

  /// Takes so much off what every name has left to live.
  void pass(Duration time) {
    try {
      for (String key : redis.ask("KEYS", "oneflow:*").lines().toList()) {
        long left = Long.parseLong(redis.ask("PTTL", key)) - time.toMillis();
        if (left > 0) {
          redis.ask("PEXPIRE", key, Long.toString(left));
        } else {
          redis.ask("DEL", key);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("Redis does not answer", e);
    }
  }

  void awaitConnected() {
    for (RedisReplays gateway : gateways) {
      Awaitility.await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(2))
          .until(gateway::isConnected);
    }
  }

  void settleDown() {
    for (RedisReplays gateway : gateways) {
      Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(gateway::hasToldAll);
    }
  }

  @Override
  public void close() throws IOException {
    gateways.forEach(RedisReplays::abandon);
    redis.close();
  }
}
