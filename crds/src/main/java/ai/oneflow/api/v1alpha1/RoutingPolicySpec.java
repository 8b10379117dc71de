package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Money;
import ai.oneflow.api.value.Name;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Public model names and where they lead.
@ValidationRule(
    value = "self.strategy != 'Weighted' || self.targets.exists(t, t.weight > 0)",
    message = "strategy: Weighted needs a target with a weight above 0")
public record RoutingPolicySpec(
    @JsonPropertyDescription(
            "Names that callers use. One name belongs to one policy of a gateway; the older policy"
                + " keeps it.")
        @Required
        @Size(min = 1, max = 64)
        List<@Size(min = 1, max = 253) @Pattern(Name.MODEL) String> models,
    @JsonPropertyDescription("How one of several targets is chosen.") @Default("Balanced")
        Strategy strategy,
    @JsonPropertyDescription("What strategy: Balanced goes by, in whole percent of 100.")
        @Default("{}")
        Weights weights,
    @JsonPropertyDescription("Models of providers, at least one.")
        @Required
        @Size(min = 1, max = 32)
        List<Target> targets,
    @JsonPropertyDescription("What a target must meet to be a candidate at all.") @Default("{}")
        Requirements require,
    @JsonPropertyDescription("Further candidates to try when the first one fails.")
        @Default("2")
        @Min(0)
        @Max(10)
        Integer fallbacks,
    @JsonPropertyDescription("How to try again.") @Default("{}") Retry retry,
    @JsonPropertyDescription("Keeps callers with their target. Default: each request is free.")
        @Nullable Sticky sticky,
    @JsonPropertyDescription("Whether a caller may pin provider or strategy by header.")
        @Default("Denied")
        Overrides overrides,
    @JsonPropertyDescription(
            "What becomes of a request whose target has no price: Refuse it, or AllowUnbilled.")
        @Default("Refuse")
        Unpriced unpriced,
    @JsonPropertyDescription(
            "What becomes of the provider's answer when its caller leaves: Cancel it and charge what"
                + " had passed by estimate, or Drain it, which reads on for the provider's figures.")
        @Default("Cancel")
        OnCallerGone onCallerGone) {

  public RoutingPolicySpec {
    models = Absent.orEmpty(models);
    strategy = Absent.or(strategy, Strategy.BALANCED);
    weights = Absent.or(weights, Weights.DEFAULT);
    targets = Absent.orEmpty(targets);
    require = Absent.or(require, Requirements.NONE);
    fallbacks = Absent.or(fallbacks, 2);
    retry = Absent.or(retry, Retry.DEFAULT);
    overrides = Absent.or(overrides, Overrides.DENIED);
    unpriced = Absent.or(unpriced, Unpriced.REFUSE);
    onCallerGone = Absent.or(onCallerGone, OnCallerGone.CANCEL);
  }

  /// How one of several targets is chosen.
  public enum Strategy {
    @JsonProperty("CostOptimized")
    COST_OPTIMIZED,
    @JsonProperty("LatencyOptimized")
    LATENCY_OPTIMIZED,
    @JsonProperty("QualityOptimized")
    QUALITY_OPTIMIZED,
    @JsonProperty("Balanced")
    BALANCED,
    @JsonProperty("Weighted")
    WEIGHTED,
    @JsonProperty("Priority")
    PRIORITY
  }

  /// Whether a caller may choose.
  public enum Overrides {
    @JsonProperty("Denied")
    DENIED,
    @JsonProperty("Allowed")
    ALLOWED
  }

  /// What becomes of a request whose target has no price.
  public enum Unpriced {
    @JsonProperty("Refuse")
    REFUSE,
    @JsonProperty("AllowUnbilled")
    ALLOW_UNBILLED
  }

  /// What becomes of an answer whose caller leaves.
  public enum OnCallerGone {
    @JsonProperty("Cancel")
    CANCEL,
    @JsonProperty("Drain")
    DRAIN
  }

  /// The parts of a balanced score.
  @ValidationRule(
      value = "self.cost + self.latency + self.quality == 100",
      message = "weights must add up to 100, as in {cost: 40, latency: 30, quality: 30}")
  public record Weights(
      @JsonPropertyDescription("Percent for a low cost.") @Default("40") @Min(0) @Max(100)
          Integer cost,
      @JsonPropertyDescription("Percent for a low latency.") @Default("30") @Min(0) @Max(100)
          Integer latency,
      @JsonPropertyDescription("Percent for a high quality.") @Default("30") @Min(0) @Max(100)
          Integer quality) {
    static final Weights DEFAULT = new Weights(40, 30, 30);

    public Weights {
      cost = Absent.or(cost, 40);
      latency = Absent.or(latency, 30);
      quality = Absent.or(quality, 30);
    }
  }

  /// Hard filters.
  public record Requirements(
      @JsonPropertyDescription("Regions that a provider must lie in. Default: any.")
          @Default("[]")
          @Size(max = 32)
          List<@Size(min = 1, max = 63) String> regions,
      @JsonPropertyDescription("The quality that a model must have at least.")
          @Default("0")
          @Min(0)
          @Max(100)
          Integer minQuality,
      @JsonPropertyDescription(
              "US dollars that a request may cost by estimate, such as \"0.05\". Default: no"
                  + " limit.")
          @Money
          @Nullable BigDecimal maxCostPerRequest) {
    static final Requirements NONE = new Requirements(List.of(), 0, null);

    public Requirements {
      regions = Absent.orEmpty(regions);
      minQuality = Absent.or(minQuality, 0);
    }
  }

  /// How to try again after a fault of a provider.
  @ValidationRule(
      value =
          "!self.baseDelay.endsWith('d') && !self.maxDelay.endsWith('d') &&"
              + " duration(self.baseDelay) <= duration(self.maxDelay)",
      message = "baseDelay must not be longer than maxDelay, and neither is written in days")
  public record Retry(
      @JsonPropertyDescription("Attempts in all, the first included.")
          @Default("3")
          @Min(1)
          @Max(10)
          Integer attempts,
      @JsonPropertyDescription("The first pause; it doubles, with full jitter.")
          @Default("2s")
          @DurationFormat.Text
          Duration baseDelay,
      @JsonPropertyDescription("The longest pause.") @Default("10s") @DurationFormat.Text
          Duration maxDelay,
      @JsonPropertyDescription("Retries as a share of all requests, in percent.")
          @Default("20")
          @Min(0)
          @Max(100)
          Integer budgetPercent) {
    static final Retry DEFAULT = new Retry(3, Duration.ofSeconds(2), Duration.ofSeconds(10), 20);

    public Retry {
      attempts = Absent.or(attempts, 3);
      baseDelay = Absent.or(baseDelay, Duration.ofSeconds(2));
      maxDelay = Absent.or(maxDelay, Duration.ofSeconds(10));
      budgetPercent = Absent.or(budgetPercent, 20);
    }
  }

  /// What keeps a caller with its target.
  @ValidationRule(
      value = "self.by == 'Header' || !has(self.header)",
      message = "header is only read with by: Header; write by: Header or leave it out")
  @ValidationRule(
      value = "self.by != 'Header' || has(self.header)",
      message = "by: Header needs header, the name of the request header that holds the session")
  public record Sticky(
      @JsonPropertyDescription("What is hashed.") @Required By by,
      @JsonPropertyDescription("With by: Header, the request header's name.")
          @Pattern("^[A-Za-z0-9-]+$")
          @Size(min = 1, max = 64)
          @Nullable String header) {

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
}
