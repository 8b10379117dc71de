package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator says of an LLMProvider.
public record LLMProviderStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Accepted, ResolvedRefs, Programmed and Ready.")
        List<Condition> conditions,
    @JsonPropertyDescription("Where requests are sent: the endpoint, or that of the dialect.")
        @Nullable String endpoint,
    @JsonPropertyDescription("Each model as the gateways see it.") List<ModelStatus> models) {

  public LLMProviderStatus {
    conditions = Absent.orEmpty(conditions);
    models = Absent.orEmpty(models);
  }

  /// A model as the gateways see it.
  public record ModelStatus(
      @JsonPropertyDescription("As the provider calls it.") @Required String name,
      @JsonPropertyDescription(
              "Its breaker: Open where it is open on any gateway, else HalfOpen where it is so on"
                  + " any; absent while no gateway says so.")
          @Nullable Breaker breaker,
      @JsonPropertyDescription("Gateways, each pod one, on which its breaker is open.")
          @Nullable Integer openGateways,
      @JsonPropertyDescription("The version of the prices in force, which charges name.")
          @Nullable String priceVersion) {}

  /// The states of a breaker.
  public enum Breaker {
    @JsonProperty("Closed")
    CLOSED,
    @JsonProperty("HalfOpen")
    HALF_OPEN,
    @JsonProperty("Open")
    OPEN
  }
}
