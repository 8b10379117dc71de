package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.HttpUrl;
import ai.oneflow.api.value.Limits;
import ai.oneflow.api.value.Name;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An account at a provider: where it is, how to get in, what it offers and what it bears.
@ValidationRule(
    value =
        "has(self.endpoint) || !(self.dialect in ['AzureOpenAI', 'VertexAI', 'Bedrock', 'Ollama',"
            + " 'OpenAICompatible'])",
    message =
        "this dialect has no address of its own; write endpoint, as in endpoint:"
            + " https://llm.example.com/v1")
@ValidationRule(
    value =
        "self.dialect in ['Ollama', 'OpenAICompatible'] || (has(self.credentials) &&"
            + " self.credentials.size() > 0)",
    message =
        "this dialect needs credentials, as in credentials: [{secretRef: {name: openai, key:"
            + " api-key}}]")
public record LLMProviderSpec(
    @JsonPropertyDescription(
            "The wire format that the provider speaks. OpenAI: it keeps to max_completion_tokens;"
                + " OpenAICompatible: it may pass that over.")
        @Required
        Dialect dialect,
    @JsonPropertyDescription(
            "Where the dialect's paths begin, such as https://api.openai.com/v1. Default: by"
                + " dialect; needed for AzureOpenAI, VertexAI, Bedrock, Ollama and"
                + " OpenAICompatible.")
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = HttpUrl.RULE,
            message =
                "endpoint must be an http:// or https:// URL, as in https://api.openai.com/v1")
        @ValidationRule(
            value = HttpUrl.NOTHING_ELSE,
            message =
                "endpoint must be a host and a path only; leave out query, fragment and user"
                    + " information, and put keys into the Secret of credentials")
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Keys to the account. Several make a pool: each is used, cooled down and replaced by"
                + " itself. May be left out for Ollama and OpenAICompatible.")
        @Size(max = 32)
        List<Credential> credentials,
    @JsonPropertyDescription("A free label that residency rules of policies go by, such as eu.")
        @Pattern(Name.REGION)
        @Size(min = 1, max = 63)
        @Nullable String region,
    @JsonPropertyDescription("The models that may be asked for.")
        @Required
        @Size(min = 1, max = 256)
        List<Model> models,
    @JsonPropertyDescription("The provider's own quota, and how much of it to use at once.")
        @Default("{}")
        ProviderLimits limits,
    @JsonPropertyDescription("When to stop asking a model that fails.") @Default("{}")
        CircuitBreaker circuitBreaker,
    @JsonPropertyDescription("How long to wait for the provider.") @Default("{}") Timeouts timeouts,
    @JsonPropertyDescription("How to trust the provider's certificate.") @Default("{}") Tls tls,
    @JsonPropertyDescription("The namespaces whose policies may point here.") @Default("{}")
        AllowedNamespaces allowedNamespaces) {

  public LLMProviderSpec {
    credentials = Absent.orEmpty(credentials);
    models = Absent.orEmpty(models);
    limits = Absent.or(limits, ProviderLimits.DEFAULT);
    circuitBreaker = Absent.or(circuitBreaker, CircuitBreaker.DEFAULT);
    timeouts = Absent.or(timeouts, Timeouts.DEFAULT);
    tls = Absent.or(tls, Tls.DEFAULT);
    allowedNamespaces = Absent.or(allowedNamespaces, AllowedNamespaces.SAME);
  }

  /// The endpoint, or the dialect's own; empty where the schema would have refused the resource.
  public Optional<URI> effectiveEndpoint() {
    return endpoint == null ? dialect.defaultEndpoint() : Optional.of(URI.create(endpoint));
  }

  /// The provider's own quota.
  public record ProviderLimits(
      @JsonPropertyDescription("Requests under way at once from each gateway.")
          @Default("200")
          @Min(1)
          @Max(100_000)
          Integer maxConcurrent,
      @JsonPropertyDescription("Requests that may wait for their turn in each gateway.")
          @Default("100")
          @Min(0)
          @Max(100_000)
          Integer queue,
      @JsonPropertyDescription("Requests, as in 500/minute. Default: no limit.")
          @Pattern(Limits.PATTERN)
          @Size(max = Limits.LONGEST)
          @Nullable Limits requests,
      @JsonPropertyDescription("Tokens, as in 150000/minute. Default: no limit.")
          @Pattern(Limits.PATTERN)
          @Size(max = Limits.LONGEST)
          @Nullable Limits tokens) {
    static final ProviderLimits DEFAULT = new ProviderLimits(200, 100, null, null);

    public ProviderLimits {
      maxConcurrent = Absent.or(maxConcurrent, 200);
      queue = Absent.or(queue, 100);
    }
  }

  /// A breaker for each model of the provider.
  @ValidationRule(
      value =
          "self.openFor.matches('^0*([1-9][0-9]{0,7}ms|[1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|"
              + "[1-9][0-9]?h|[1-9]d)$')",
      message = "openFor is longer than nothing and at most nine days, as in 60s")
  public record CircuitBreaker(
      @JsonPropertyDescription("Faults of the provider in a row that open it.")
          @Default("5")
          @Min(1)
          @Max(1_000)
          Integer consecutiveFailures,
      @JsonPropertyDescription("How long it stays open before a probe is let through.")
          @Default("60s")
          @DurationFormat.Text
          Duration openFor,
      @JsonPropertyDescription("Probes that are let through when it is half open.")
          @Default("1")
          @Min(1)
          @Max(100)
          Integer probes) {
    static final CircuitBreaker DEFAULT = new CircuitBreaker(5, Duration.ofSeconds(60), 1);

    public CircuitBreaker {
      consecutiveFailures = Absent.or(consecutiveFailures, 5);
      openFor = Absent.or(openFor, Duration.ofSeconds(60));
      probes = Absent.or(probes, 1);
    }
  }

  /// How long to wait for the provider; each at least a millisecond, and so short that its
  /// milliseconds fit an `int`.
  @ValidationRule(
      value =
          "[self.connect, self.total, self.firstToken, self.idle].all(t,"
              + " t.matches('^0*([1-9][0-9]{0,7}ms|[1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|[1-9][0-9]?h|"
              + "[1-9]d)$'))",
      message = "a timeout is longer than nothing and at most nine days, as in 30s")
  public record Timeouts(
      @JsonPropertyDescription("For a connection, TLS included.")
          @Default("10s")
          @DurationFormat.Text
          Duration connect,
      @JsonPropertyDescription("For an answer that is not a stream, to its last byte.")
          @Default("30s")
          @DurationFormat.Text
          Duration total,
      @JsonPropertyDescription("For the first content of a stream.")
          @Default("30s")
          @DurationFormat.Text
          Duration firstToken,
      @JsonPropertyDescription("Between two pieces of a stream.")
          @Default("30s")
          @DurationFormat.Text
          Duration idle) {
    static final Duration THIRTY_SECONDS = Duration.ofSeconds(30);
    static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(10), THIRTY_SECONDS, THIRTY_SECONDS, THIRTY_SECONDS);

    public Timeouts {
      connect = Absent.or(connect, Duration.ofSeconds(10));
      total = Absent.or(total, THIRTY_SECONDS);
      firstToken = Absent.or(firstToken, THIRTY_SECONDS);
      idle = Absent.or(idle, THIRTY_SECONDS);
    }
  }

  /// How to trust the provider's certificate.
  public record Tls(
      @JsonPropertyDescription(
              "Authorities to trust instead of those of the platform, as PEM in a Secret.")
          @Nullable CertificateRef caSecretRef,
      @JsonPropertyDescription("Accept any certificate. For a test on one machine, nowhere else.")
          @Default("false")
          Boolean insecureSkipVerify) {
    static final Tls DEFAULT = new Tls(null, false);

    public Tls {
      insecureSkipVerify = Absent.or(insecureSkipVerify, false);
    }
  }
}
