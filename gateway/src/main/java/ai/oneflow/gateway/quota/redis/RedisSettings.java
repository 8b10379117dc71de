package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.redis.RedisAddress;
import java.util.Optional;

/// Where and as whom a gateway counts.
///
/// @param url as lettuce's `RedisURI` has it, without a password: `redis://host:6379/0`,
///     `rediss://` for TLS, `redis-sentinel://host1:26379,host2:26379/0#master`; with `cluster`
///     several addresses behind `redis://` or `rediss://`
/// @param cluster whether the addresses are those of a Redis Cluster
/// @param shares whether slices of limits are taken and spent without a call; otherwise Redis is
///     asked about each request
/// @param fleet namespace and name of the LLMGateway, `ai/main`; its gateways count together
/// @param instance this gateway, by a name that it has again after a restart
/// @param run this start of it
public record RedisSettings(
    String url,
    Optional<String> password,
    boolean cluster,
    boolean shares,
    String fleet,
    String instance,
    Run run) {

  public RedisSettings {
    if (fleet.isBlank() || instance.isBlank()) {
      throw new IllegalArgumentException("a gateway that counts in Redis needs fleet, instance");
    }
    if ((fleet + instance).matches(".*[\\s{}#].*")) {
      throw new IllegalArgumentException(
          "fleet and instance must hold no blank, brace or hash: " + fleet + ", " + instance);
    }
  }

  RedisAddress address() {
    return new RedisAddress(url, password, cluster);
  }

  /// What leases of this run begin with.
  String leases() {
    return run.leases(instance);
  }

  /// Without the password.
  @Override
  public String toString() {
    return "RedisSettings[" + url + ", " + fleet + ", " + instance + "]";
  }
}
