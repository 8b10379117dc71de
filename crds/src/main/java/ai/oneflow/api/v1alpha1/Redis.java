package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.RedisUrl;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// A Redis or Valkey.
@ValidationRule(
    value = "self.cluster || self.url.matches('^[a-z]*-sentinel://') || !self.url.contains(',')",
    message =
        "several addresses are those of a Redis Cluster or of Sentinels; write cluster: true, or a"
            + " url as in redis-sentinel://sentinel-1:26379,sentinel-2:26379#main")
@ValidationRule(
    value = "!self.cluster || !self.url.matches('^[a-z]*-sentinel://')",
    message = "a Redis Cluster has no Sentinels; write redis:// or rediss://, or cluster: false")
@ValidationRule(
    value = "!self.cluster || !self.url.matches('/0*[1-9][0-9]*$')",
    message = "a Redis Cluster has the database 0 only; leave the path out of url")
public record Redis(
    @JsonPropertyDescription(
            "Its address: redis://redis:6379, or rediss:// for TLS; perhaps with the number of a"
                + " database, as in redis://redis:6379/2. Sentinels:"
                + " redis-sentinel://sentinel-1:26379,sentinel-2:26379#main, or"
                + " rediss-sentinel://, with the name that they give the primary. A Redis Cluster:"
                + " some of its addresses, as in redis://redis-0:6379,redis-1:6379, and cluster:"
                + " true.")
        @Required
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value =
                "['redis://', 'rediss://', 'redis-sentinel://', 'rediss-sentinel://'].exists(s,"
                    + " self.startsWith(s))",
            message =
                "url must begin with redis:// or rediss://, as in rediss://redis:6379, or with"
                    + " redis-sentinel:// or rediss-sentinel://")
        @ValidationRule(
            value = "!self.contains('@')",
            message = "url must hold no password; put it into a Secret and write secretRef")
        @ValidationRule(
            value = RedisUrl.SENTINELS + " == self.matches('#[A-Za-z0-9._-]+$')",
            message =
                "url of Sentinels, and no other, must end with # and the name that they give the"
                    + " primary, as in redis-sentinel://sentinel-1:26379#main")
        @ValidationRule(value = RedisUrl.RULE, message = RedisUrl.SENTENCE)
        String url,
    @JsonPropertyDescription("The Secret that holds its password.") @Nullable PasswordRef secretRef,
    @JsonPropertyDescription("Whether the addresses are those of a Redis Cluster.")
        @Default("false")
        Boolean cluster,
    @JsonPropertyDescription(
            "Shares: a gateway takes a slice of each limit and spends it by itself, so that most"
                + " requests need no call; near a limit slices shrink to single requests. Exact:"
                + " one call for each request, whatever is left. Neither lets more through than"
                + " the limit.")
        @Default("Shares")
        Admission admission) {

  public Redis {
    cluster = Absent.or(cluster, false);
    admission = Absent.or(admission, Admission.SHARES);
  }

  /// How limits are taken.
  public enum Admission {
    @JsonProperty("Shares")
    SHARES,
    @JsonProperty("Exact")
    EXACT
  }
}
