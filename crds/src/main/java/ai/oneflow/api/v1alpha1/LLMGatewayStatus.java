package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator says of an LLMGateway.
public record LLMGatewayStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Accepted, ResolvedRefs, Programmed and Ready.")
        List<Condition> conditions,
    @JsonPropertyDescription("The snapshot that every gateway has acknowledged.")
        @Nullable String snapshot,
    @JsonPropertyDescription("The pods.") @Nullable Gateways gateways,
    @JsonPropertyDescription("How long the last change took to the last gateway.")
        @DurationFormat.Text
        @Nullable Duration convergence) {

  public LLMGatewayStatus {
    conditions = Absent.orEmpty(conditions);
  }

  /// How many pods there are, and how far.
  public record Gateways(
      @JsonPropertyDescription("Pods that are wanted.") @Default("0") Integer desired,
      @JsonPropertyDescription("Pods that are connected to the operator.") @Default("0")
          Integer connected,
      @JsonPropertyDescription("Pods that run the snapshot.") @Default("0") Integer acknowledged) {
    public Gateways {
      desired = Absent.or(desired, 0);
      connected = Absent.or(connected, 0);
      acknowledged = Absent.or(acknowledged, 0);
    }
  }
}
