package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;
import java.util.List;

/// A model of a provider.
public record Model(
    @JsonPropertyDescription("As the provider calls it.") @Required @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription(
            "What it costs, one list for each time that prices changed. Without any the model is"
                + " unpriced, and policies decide whether it may be used.")
        @Default("[]")
        @Size(max = 16)
        List<Prices> prices,
    @JsonPropertyDescription("What it can do; what nobody denies is let through.") @Default("{}")
        Capabilities capabilities,
    @JsonPropertyDescription("What quality and balanced routing go by, 0 to 100.")
        @Default("50")
        @Min(0)
        @Max(100)
        Integer quality,
    @JsonPropertyDescription("The latency to expect until there are measurements.")
        @Default("1s")
        @DurationFormat.Text
        Duration latencyPrior) {

  public Model {
    prices = Absent.orEmpty(prices);
    capabilities = Absent.or(capabilities, Capabilities.DEFAULT);
    quality = Absent.or(quality, 50);
    latencyPrior = Absent.or(latencyPrior, Duration.ofSeconds(1));
  }

  /// What a model can do.
  public record Capabilities(
      @JsonPropertyDescription("Tokens of input and output together; 0: not known, not checked.")
          @Default("0")
          @Min(0)
          @Max(1_000_000_000)
          Long contextWindow,
      @JsonPropertyDescription("Tokens of one answer; 0: not known, not checked.")
          @Default("0")
          @Min(0)
          @Max(1_000_000_000)
          Long maxOutputTokens,
      @JsonPropertyDescription("Calls tools.") @Default("true") Boolean tools,
      @JsonPropertyDescription("Reads images.") @Default("true") Boolean vision,
      @JsonPropertyDescription("Answers by a JSON schema.") @Default("true") Boolean jsonSchema) {
    static final Capabilities DEFAULT = new Capabilities(0L, 0L, true, true, true);

    public Capabilities {
      contextWindow = Absent.or(contextWindow, 0L);
      maxOutputTokens = Absent.or(maxOutputTokens, 0L);
      tools = Absent.or(tools, true);
      vision = Absent.or(vision, true);
      jsonSchema = Absent.or(jsonSchema, true);
    }
  }
}
