package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.Money;
import ai.oneflow.api.value.Timestamp;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model costs from a moment on, in US dollars. Token prices are for a million tokens.
@ValidationRule(
    value =
        "has(self.input) || has(self.output) || has(self.audioInput) || has(self.audioOutput) ||"
            + " has(self.perRequest) || has(self.perImage) || has(self.per1kCharacters) ||"
            + " has(self.perSecond)",
    message =
        "a price list needs at least one price, as in input: \"2.50\"; a model without a price"
            + " leaves prices out")
@ValidationRule(
    value =
        "has(self.input) || !(has(self.cachedInput) || has(self.cacheWrite5m) ||"
            + " has(self.cacheWrite1h))",
    message = "cachedInput, cacheWrite5m and cacheWrite1h need input; write input as well")
@ValidationRule(
    value = "has(self.output) || !has(self.reasoning)",
    message = "reasoning needs output; write output as well")
@ValidationRule(
    value =
        "[1, 2, 3, 4, 5, 6, 7].all(i, i >= self.tiers.size() || self.tiers[i - 1].aboveInputTokens <"
            + " self.tiers[i].aboveInputTokens)",
    message = "tiers must ascend by aboveInputTokens; write the lowest threshold first")
public record Prices(
    @JsonPropertyDescription(
            "When these prices begin; the newest that has begun wins. Default: since ever.")
        @Default("\"1970-01-01T00:00:00Z\"")
        @Timestamp
        Instant validFrom,
    @JsonPropertyDescription("A million input tokens. Default: 0.") @Money
        @Nullable BigDecimal input,
    @JsonPropertyDescription(
            "A million input tokens that the provider read from its cache. Default: as input.")
        @Money
        @Nullable BigDecimal cachedInput,
    @JsonPropertyDescription(
            "A million input tokens written to the provider's cache for 5 minutes. Default: as"
                + " input.")
        @Money
        @Nullable BigDecimal cacheWrite5m,
    @JsonPropertyDescription(
            "A million input tokens written to the provider's cache for an hour. Default: as"
                + " input.")
        @Money
        @Nullable BigDecimal cacheWrite1h,
    @JsonPropertyDescription("A million output tokens. Default: 0.") @Money
        @Nullable BigDecimal output,
    @JsonPropertyDescription("A million reasoning tokens. Default: as output.") @Money
        @Nullable BigDecimal reasoning,
    @JsonPropertyDescription("A million audio input tokens. Default: as input.") @Money
        @Nullable BigDecimal audioInput,
    @JsonPropertyDescription("A million audio output tokens. Default: as output.") @Money
        @Nullable BigDecimal audioOutput,
    @JsonPropertyDescription("One request. Default: 0.") @Money @Nullable BigDecimal perRequest,
    @JsonPropertyDescription("One image. Default: 0. Not in force yet.") @Money
        @Nullable BigDecimal perImage,
    @JsonPropertyDescription(
            "A thousand characters of text to be spoken. Default: 0. Not in force yet.")
        @Money
        @Nullable BigDecimal per1kCharacters,
    @JsonPropertyDescription("A second of audio or video. Default: 0. Not in force yet.") @Money
        @Nullable BigDecimal perSecond,
    @JsonPropertyDescription(
            "What a batch request costs, in percent of these prices. Not in force yet.")
        @Default("100")
        @Min(0)
        @Max(100)
        Integer batchPercent,
    @JsonPropertyDescription(
            "Other token prices for long inputs; the highest threshold that the input passes"
                + " decides for all tokens of the request.")
        @Default("[]")
        @Size(max = 8)
        List<Tier> tiers) {

  public Prices {
    validFrom = Absent.or(validFrom, Instant.EPOCH);
    batchPercent = Absent.or(batchPercent, 100);
    tiers = Absent.orEmpty(tiers);
  }

  /// Token prices of a request whose input is longer than `aboveInputTokens`; what is left out is
  /// priced as in the list around it.
  public record Tier(
      @JsonPropertyDescription("The tier holds for inputs of more tokens than this.")
          @Required
          @Min(1)
          @Max(1_000_000_000)
          Long aboveInputTokens,
      @JsonPropertyDescription("A million input tokens.") @Money @Nullable BigDecimal input,
      @JsonPropertyDescription("A million cached input tokens.") @Money
          @Nullable BigDecimal cachedInput,
      @JsonPropertyDescription("A million tokens written to the cache for 5 minutes.") @Money
          @Nullable BigDecimal cacheWrite5m,
      @JsonPropertyDescription("A million tokens written to the cache for an hour.") @Money
          @Nullable BigDecimal cacheWrite1h,
      @JsonPropertyDescription("A million output tokens.") @Money @Nullable BigDecimal output,
      @JsonPropertyDescription("A million reasoning tokens.") @Money @Nullable BigDecimal reasoning,
      @JsonPropertyDescription("A million audio input tokens.") @Money
          @Nullable BigDecimal audioInput,
      @JsonPropertyDescription("A million audio output tokens.") @Money
          @Nullable BigDecimal audioOutput) {}
}
