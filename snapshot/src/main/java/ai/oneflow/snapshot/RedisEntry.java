package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/// The Redis that all pods of a gateway count in.
///
/// @param url without a password: `redis://host:6379/0`, `rediss://` for TLS,
///     `redis-sentinel://host1:26379,host2:26379/0#master` or `rediss-sentinel://`; with `cluster`
///     also several addresses behind `redis://` or `rediss://`
/// @param cluster whether the addresses are those of a Redis Cluster
public record RedisEntry(
    String url, Optional<Secret> password, boolean cluster, Admission admission) {

  public RedisEntry {
    Require.text("redis.url", url);
  }

  /// How limits are taken.
  public enum Admission {
    /// A slice of each limit at a time, which a gateway spends by itself.
    @JsonProperty("Shares")
    SHARES,
    /// One call of Redis for each request.
    @JsonProperty("Exact")
    EXACT
  }
}
