package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// A RoutingPolicy: public model names and where they lead.
///
/// @param models names that callers use, at least one; where two entries name one model, the
/// operator has already
///     left the name to the older
/// @param targets at least one, each of them in the same snapshot
/// @param readsOn whether the answer of a caller who left is read to its end, for its provider's
///     figures
public record RouteEntry(
    String namespace,
    String name,
    long generation,
    List<String> models,
    Strategy strategy,
    List<Target> targets,
    Unpriced unpriced,
    boolean readsOn)
    implements Entry {

  public RouteEntry {
    Require.text("a policy's namespace", namespace);
    Require.text("a policy's name", name);
    Require.atLeast("generation", 0, generation);
    models = List.copyOf(models);
    targets = List.copyOf(targets);
    if (models.isEmpty() || targets.isEmpty()) {
      throw new IllegalArgumentException("a policy needs a model and a target");
    }
  }

  /// How one of several targets is chosen.
  public enum Strategy {
    @JsonProperty("CostOptimized")
    COST_OPTIMIZED("CostOptimized"),
    @JsonProperty("LatencyOptimized")
    LATENCY_OPTIMIZED("LatencyOptimized"),
    @JsonProperty("QualityOptimized")
    QUALITY_OPTIMIZED("QualityOptimized"),
    @JsonProperty("Balanced")
    BALANCED("Balanced"),
    @JsonProperty("Weighted")
    WEIGHTED("Weighted"),
    @JsonProperty("Priority")
    PRIORITY("Priority");

    private final String resourceValue;

    Strategy(String resourceValue) {
      this.resourceValue = resourceValue;
    }

    /// As `spec.strategy` of a RoutingPolicy spells it.
    public String resourceValue() {
      return resourceValue;
    }
  }

  /// What becomes of a request whose target has no price.
  public enum Unpriced {
    @JsonProperty("Refuse")
    REFUSE,
    @JsonProperty("AllowUnbilled")
    ALLOW_UNBILLED
  }

  /// A model of a provider of this snapshot.
  ///
  /// @param weight share of the traffic under `Weighted`, 0 to 1,000,000
  /// @param priority lower is tried first, 0 to 1,000
  public record Target(
      String providerNamespace, String providerName, String model, int weight, int priority) {
    public Target {
      Require.text("a target's provider namespace", providerNamespace);
      Require.text("a target's provider name", providerName);
      Require.text("a target's model", model);
      Require.within("weight", 0, 1_000_000, weight);
      Require.within("priority", 0, 1_000, priority);
    }

    public EntryKey provider() {
      return new EntryKey(Kind.LLM_PROVIDER, providerNamespace, providerName);
    }
  }
}
