package ai.oneflow.gateway.quota.redis;

final class SharingRedisQuotasIT extends RedisContract {
  SharingRedisQuotasIT() {
    super(true);
  }
}
