package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A RoutingPolicy: public model names and where they lead.
///
/// @param models names that callers use, at least one; where two entries name one model, the
/// operator has already
///     left the name to the older
/// @param targets one to [#MOST_TARGETS], each of them in the same snapshot
/// @param readsOn whether the answer of a caller who left is read to its end, for its provider's
///     figures
public record RouteEntry(
    String namespace,
    String name,
    long generation,
    List<String> models,
    List<Target> targets,
    Selection selection,
    Retry retry,
    boolean readsOn)
    implements Entry {
  /// Twice as many as a RoutingPolicy may have.
  public static final int MOST_TARGETS = 64;

  public RouteEntry {
    Require.text("a policy's namespace", namespace);
    Require.text("a policy's name", name);
    Require.atLeast("generation", 0, generation);
    models = List.copyOf(models);
    targets = List.copyOf(targets);
    if (models.isEmpty() || targets.isEmpty()) {
      throw new IllegalArgumentException("a policy needs a model and a target");
    }
    Require.within("the number of targets", 1, MOST_TARGETS, targets.size());
  }

  /// How one of several targets is chosen.
  ///
  /// @param fallbacks how many further candidates are called at most, 0 to 10
  /// @param sticky by what callers are kept with their target
  /// @param overridable whether a caller may pin provider or strategy
  public record Selection(
      Strategy strategy,
      Weights weights,
      Requirements require,
      int fallbacks,
      Optional<Sticky> sticky,
      boolean overridable,
      Unpriced unpriced) {
    public Selection {
      Require.within("fallbacks", 0, 10, fallbacks);
    }

    /// With what holds where a policy says nothing more.
    public static Selection by(Strategy strategy, Unpriced unpriced) {
      return new Selection(
          strategy,
          new Weights(40, 30, 30),
          new Requirements(List.of(), 0, OptionalLong.empty()),
          2,
          Optional.empty(),
          false,
          unpriced);
    }
  }

  /// What `Balanced` goes by, in percent of 100.
  public record Weights(int cost, int latency, int quality) {
    public Weights {
      Require.within("cost", 0, 100, cost);
      Require.within("latency", 0, 100, latency);
      Require.within("quality", 0, 100, quality);
      Require.within("the sum of the weights", 100, 100, cost + latency + quality);
    }
  }

  /// What a target must meet to be a candidate at all.
  ///
  /// @param regions empty: any
  /// @param minQuality 0 to 100
  /// @param mostPicoDollars what a request may cost by estimate
  public record Requirements(List<String> regions, int minQuality, OptionalLong mostPicoDollars) {
    public Requirements {
      regions = List.copyOf(regions);
      Require.within("minQuality", 0, 100, minQuality);
    }
  }

  /// What is hashed to keep callers with their target: the key, the user, or the header of that
  /// name.
  public record Sticky(By by, String header) {
    public Sticky {
      if (by == By.HEADER) {
        Require.text("a sticky header", header);
      }
    }

    /// What is hashed.
    public enum By {
      @JsonProperty("Key")
      KEY,
      @JsonProperty("User")
      USER,
      @JsonProperty("Header")
      HEADER
    }
  }

  /// How to try again after a fault of a provider.
  ///
  /// @param attempts in all, 1 to 10
  /// @param budgetPercent retries as a share of all requests
  public record Retry(int attempts, Duration baseDelay, Duration maxDelay, int budgetPercent) {
    /// What holds where a policy says nothing.
    public static final Retry DEFAULT =
        new Retry(3, Duration.ofSeconds(2), Duration.ofSeconds(10), 20);

    public Retry {
      Require.within("attempts", 1, 10, attempts);
      Require.atLeast("baseDelay, in ms,", 0, baseDelay.toMillis());
      Require.atLeast("maxDelay, in ms,", baseDelay.toMillis(), maxDelay.toMillis());
      Require.within("budgetPercent", 0, 100, budgetPercent);
    }
  }

  /// The order of candidates.
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
