package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.QuotasContract;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// What holds for counters anywhere, held against a real Redis.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisContract extends QuotasContract {
  private static final long PATIENT = 10_000;

  private final boolean shares;
  private RedisServer redis;
  private RedisQuotas quotas;
  private Instant now = noon();
  private int fleets;

  RedisContract(boolean shares) {
    this.shares = shares;
  }

  @BeforeAll
  void startRedis() throws IOException {
    redis = InstalledRedis.start();
  }

  @AfterAll
  void stopRedis() throws IOException {
    if (redis != null) {
      redis.close();
    }
  }

  @BeforeEach
  void open() {
    now = noon();
    crossings.clear();
    RedisSettings settings =
        new RedisSettings(
            redis.url().toString(),
            Optional.empty(),
            false,
            shares,
            "ai/main" + fleets++,
            "gateway-0",
            new Run(0, "first"));
    Terms terms =
        new Terms(
            new Keys(settings.fleet()),
            new RedisTime(() -> now),
            shares,
            new Terms.Waits(PATIENT, PATIENT),
            crossings::add);
    quotas =
        RedisQuotas.open(settings, terms, new FakeLedger(new FakeLedger.Sql()).asRedisLedger());
    quotas.ready().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @AfterEach
  void close() {
    quotas.close();
  }

  @Override
  protected Quotas quotas() {
    return quotas;
  }

  @Override
  protected void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  protected void count(Limit limit, long used) {
    quotas.count(limit, now.toEpochMilli(), used);
  }

  @Override
  protected void settleDown() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> quotas.statistics().pending() == 0);
  }
}
