package ai.oneflow.snapshot;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// An account at a provider, its Secrets resolved.
///
/// @param endpoint where the dialect's paths begin, such as `https://api.openai.com/v1`; `http` or
///     `https`, with a host, without query or fragment
/// @param credentials a pool; at least one
/// @param maxConcurrent requests under way at once from each gateway; 0: any number
/// @param queue requests that may wait for their turn in each gateway
/// @param requests the provider's own limit on requests of this account
/// @param tokens the provider's own limit on tokens of this account
/// @param caCertificates PEM of the authorities to trust instead of the platform's; empty: the
/// platform's
public record ProviderEntry(
    String namespace,
    String name,
    long generation,
    Dialect dialect,
    URI endpoint,
    List<Credential> credentials,
    String region,
    List<ModelEntry> models,
    Timeouts timeouts,
    Breaker breaker,
    int maxConcurrent,
    int queue,
    List<RateLimit> requests,
    List<RateLimit> tokens,
    String caCertificates,
    boolean insecureSkipVerify)
    implements Entry {

  public ProviderEntry {
    Require.text("a provider's namespace", namespace);
    Require.text("a provider's name", name);
    Require.atLeast("generation", 0, generation);
    String scheme = String.valueOf(endpoint.getScheme());
    if ((!scheme.equals("http") && !scheme.equals("https"))
        || endpoint.getHost() == null
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || endpoint.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "endpoint must be http:// or https:// with a host and a path only");
    }
    credentials = List.copyOf(credentials);
    if (credentials.isEmpty()) {
      throw new IllegalArgumentException("credentials must not be empty; None is a credential");
    }
    models = List.copyOf(models);
    Require.atLeast("maxConcurrent", 0, maxConcurrent);
    Require.atLeast("queue", 0, queue);
    requests = List.copyOf(requests);
    tokens = List.copyOf(tokens);
  }

  /// How long a gateway waits for the provider.
  ///
  /// @param total for an answer that is not a stream, from sending to the last byte
  /// @param firstToken for a stream's first content
  /// @param idle between two pieces of a stream
  public record Timeouts(Duration connect, Duration total, Duration firstToken, Duration idle) {
    public Timeouts {
      Require.atLeast("connect, in ms,", 1, connect.toMillis());
      Require.atLeast("total, in ms,", 1, total.toMillis());
      Require.atLeast("firstToken, in ms,", 1, firstToken.toMillis());
      Require.atLeast("idle, in ms,", 1, idle.toMillis());
    }
  }

  /// When a model of the provider is left alone.
  ///
  /// @param faults in a row after which it is, 1 to 1,000
  /// @param openFor until a probe is let through; longer than nothing
  /// @param probes that are let through then, 1 to 100
  public record Breaker(int faults, Duration openFor, int probes) {
    /// What holds where a provider says nothing.
    public static final Breaker DEFAULT = new Breaker(5, Duration.ofSeconds(60), 1);

    public Breaker {
      Require.within("faults", 1, 1_000, faults);
      Require.atLeast("openFor, in ms,", 1, openFor.toMillis());
      Require.within("probes", 1, 100, probes);
    }
  }
}
