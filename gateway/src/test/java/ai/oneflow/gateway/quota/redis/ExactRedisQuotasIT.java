package ai.oneflow.gateway.quota.redis;

final class ExactRedisQuotasIT extends RedisContract {
  ExactRedisQuotasIT() {
    super(false);
  }
}
