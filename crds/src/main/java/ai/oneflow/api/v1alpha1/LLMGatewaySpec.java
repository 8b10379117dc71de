package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.ByteSize;
import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Limits;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gateway pods, and what holds for all of them.
@ValidationRule(
    value = "!(has(self.replicas) && has(self.autoscaling))",
    message = "replicas and autoscaling exclude each other; write one of them")
@ValidationRule(
    value = "has(self.redis) || !has(self.replicas) || self.replicas <= 1",
    message =
        "more than one replica needs redis, since each would count for itself; write redis, as in"
            + " redis: {url: rediss://redis:6379}, or replicas: 1")
@ValidationRule(
    value = "has(self.redis) || !has(self.autoscaling)",
    message =
        "autoscaling needs redis, since each replica would count for itself; write redis, as in"
            + " redis: {url: rediss://redis:6379}, or leave autoscaling out")
public record LLMGatewaySpec(
    @JsonPropertyDescription("A fixed number of pods. Default: 1 where redis is not set.")
        @Min(0)
        @Max(1_000)
        @Nullable Integer replicas,
    @JsonPropertyDescription(
            "A number of pods that follows the load. Default where redis is set: 3 to 10.")
        @Nullable Autoscaling autoscaling,
    @JsonPropertyDescription("Processor and memory of each pod. Default: the operator's.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription("Where callers connect.") @Default("{}") Listener listener,
    @JsonPropertyDescription(
            "The namespaces whose providers, policies, keys and quotas are served.")
        @Default("{}")
        AllowedNamespaces allowedNamespaces,
    @JsonPropertyDescription("What holds where a resource says nothing.") @Default("{}")
        Defaults defaults,
    @JsonPropertyDescription(
            "The Redis that all pods count in. Default: one pod, which counts in memory.")
        @Nullable Redis redis,
    @JsonPropertyDescription("The database of charges. Default: a file of each pod.")
        @Nullable Ledger ledger,
    @JsonPropertyDescription("Where warnings about budgets are posted. Default: nowhere.")
        @Nullable Webhook webhook,
    @JsonPropertyDescription("Issuers of tokens that are accepted beside keys.")
        @Default("[]")
        @Size(max = 16)
        List<Jwt> jwt,
    @JsonPropertyDescription("Which web pages may call. Default: none.") @Nullable Cors cors,
    @JsonPropertyDescription("How a pod ends.") @Default("{}") Drain drain,
    @JsonPropertyDescription("Where traces go. Default: nowhere.") @Nullable Tracing tracing,
    @JsonPropertyDescription("What to add to each pod.") @Default("{}") PodTemplate podTemplate) {

  public LLMGatewaySpec {
    listener = Absent.or(listener, Listener.DEFAULT);
    allowedNamespaces = Absent.or(allowedNamespaces, AllowedNamespaces.SAME);
    defaults = Absent.or(defaults, Defaults.DEFAULT);
    jwt = Absent.orEmpty(jwt);
    drain = Absent.or(drain, Drain.DEFAULT);
    podTemplate = Absent.or(podTemplate, PodTemplate.NOTHING);
  }

  /// A number of pods that follows the load.
  @ValidationRule(
      value = "self.minReplicas <= self.maxReplicas",
      message = "minReplicas must not be above maxReplicas")
  public record Autoscaling(
      @JsonPropertyDescription("Pods at least.") @Default("3") @Min(1) @Max(1_000)
          Integer minReplicas,
      @JsonPropertyDescription("Pods at most.") @Default("10") @Min(1) @Max(1_000)
          Integer maxReplicas,
      @JsonPropertyDescription("Processor load, in percent of the request, to keep to.")
          @Default("70")
          @Min(1)
          @Max(100)
          Integer targetCPUPercent) {
    /// What holds where redis is set and nothing is said.
    public static final Autoscaling DEFAULT = new Autoscaling(3, 10, 70);

    public Autoscaling {
      minReplicas = Absent.or(minReplicas, 3);
      maxReplicas = Absent.or(maxReplicas, 10);
      targetCPUPercent = Absent.or(targetCPUPercent, 70);
    }
  }

  /// Where callers connect.
  public record Listener(
      @JsonPropertyDescription("The port of the Service and the pods.")
          @Default("8000")
          @Min(1)
          @Max(65_535)
          @ValidationRule(
              value = "self != 8001",
              message = "port 8001 is the management port; write another one, as in port: 8000")
          Integer port,
      @JsonPropertyDescription("The largest request body, as received and as decompressed.")
          @Default("10Mi")
          @Pattern(ByteSize.PATTERN)
          @Size(max = 11)
          ByteSize maxRequestSize,
      @JsonPropertyDescription("Serves TLS. Default: plain HTTP.") @Nullable ListenerTls tls) {
    static final Listener DEFAULT = new Listener(8000, new ByteSize(10 << 20), null);

    public Listener {
      port = Absent.or(port, 8000);
      maxRequestSize = Absent.or(maxRequestSize, new ByteSize(10 << 20));
    }
  }

  /// The listener's certificate.
  public record ListenerTls(
      @JsonPropertyDescription("A Secret of type kubernetes.io/tls.") @Required
          SecretRef secretRef) {}

  /// What holds where a resource says nothing.
  public record Defaults(
      @JsonPropertyDescription("Requests of a user whose key names no limit.")
          @Default("1000/hour")
          @Pattern(Limits.PATTERN)
          @Size(max = Limits.LONGEST)
          Limits requestsPerUser) {
    static final Defaults DEFAULT = new Defaults(Limits.parse("1000/hour"));

    public Defaults {
      requestsPerUser = Absent.or(requestsPerUser, Limits.parse("1000/hour"));
    }
  }

  /// How a pod ends.
  public record Drain(
      @JsonPropertyDescription("How long streams may go on after the signal to stop.")
          @Default("60s")
          @DurationFormat.Text
          Duration deadline) {
    static final Drain DEFAULT = new Drain(Duration.ofSeconds(60));

    public Drain {
      deadline = Absent.or(deadline, Duration.ofSeconds(60));
    }
  }
}
