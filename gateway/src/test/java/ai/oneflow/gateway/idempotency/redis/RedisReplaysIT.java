package ai.oneflow.gateway.idempotency.redis;

import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.ReplaysContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// What holds for names anywhere, held against a real Redis.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RedisReplaysIT extends ReplaysContract {
  private NamesInRedis names;
  private RedisReplays replays;

  @BeforeAll
  void start() throws IOException {
    names = NamesInRedis.start();
    replays = names.gateway(told::add);
  }

  @AfterAll
  void stop() throws IOException {
    if (names != null) {
      names.close();
    }
  }

  @BeforeEach
  void forget() throws IOException {
    told.clear();
    names.redis.flushAll();
  }

  @Override
  protected Replays replays() {
    return replays;
  }

  @Override
  protected void pass(Duration time) {
    names.settleDown();
    names.pass(time);
  }

  @Override
  protected void settleDown() {
    names.settleDown();
  }
}
