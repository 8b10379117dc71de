package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.QuotasProperties;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/// What holds for any requests, held against a real Redis.
abstract class RedisProperties extends QuotasProperties {
  private final boolean shares;
  private @Nullable RedisServer redis;
  private @Nullable RedisQuotas quotas;
  private volatile Instant now = Instant.parse("2026-03-10T12:00:00Z");

  RedisProperties(boolean shares) {
    this.shares = shares;
  }

  @BeforeProperty
  void open() throws IOException {
    RedisServer server = RedisServer.start(program(), Persistence.NONE);
    redis = server;
    RedisSettings settings =
        new RedisSettings(
            server.url().toString(),
            Optional.empty(),
            false,
            shares,
            "ai/main",
            "gateway-0",
            new Run(0, "first"));
    Terms terms =
        new Terms(
            new Keys(settings.fleet()),
            new RedisTime(() -> now),
            shares,
            TestFleet.PATIENT,
            _ -> {});
    RedisQuotas opened =
        RedisQuotas.open(settings, terms, new FakeLedger(new FakeLedger.Sql()).asRedisLedger());
    quotas = opened;
    opened.ready().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @AfterProperty
  void close() throws IOException {
    if (quotas != null) {
      quotas.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  private static RedisProgram program() {
    return RedisProgram.any()
        .orElseThrow(
            () -> new TestAbortedException("no Redis is installed: redis-server not found"));
  }

  @Override
  protected Quotas quotas() {
    return Objects.requireNonNull(quotas);
  }

  @Override
  protected long pass(long millis) {
    now = now.plusMillis(millis);
    return now.toEpochMilli();
  }
}
