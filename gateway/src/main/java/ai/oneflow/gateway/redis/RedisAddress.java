package ai.oneflow.gateway.redis;

import java.util.Optional;

/// Where a Redis is.
///
/// @param url as lettuce's `RedisURI` has it, without a password: `redis://host:6379/0`,
///     `rediss://` for TLS, `redis-sentinel://host1:26379,host2:26379/0#master`; with `cluster`
///     several addresses behind `redis://` or `rediss://`
/// @param cluster whether the addresses are those of a Redis Cluster
public record RedisAddress(String url, Optional<String> password, boolean cluster) {

  /// Without the password.
  @Override
  public String toString() {
    return "RedisAddress[" + url + "]";
  }
}
