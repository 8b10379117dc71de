package ai.oneflow.gateway.quota.redis;

final class ExactRedisPropertiesIT extends RedisProperties {
  ExactRedisPropertiesIT() {
    super(false);
  }
}
