package ai.oneflow.gateway.quota.redis;

final class SharingRedisPropertiesIT extends RedisProperties {
  SharingRedisPropertiesIT() {
    super(true);
  }
}
