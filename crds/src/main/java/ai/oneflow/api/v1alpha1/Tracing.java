package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.HttpUrl;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/// Where traces go, over OTLP.
public record Tracing(
    @JsonPropertyDescription("The collector, as in http://otel-collector:4318.")
        @Required
        @Size(min = 1, max = 2048)
        @ValidationRule(
            value = HttpUrl.RULE,
            message = "endpoint must be an http:// or https:// URL, as in http://collector:4318")
        String endpoint,
    @JsonPropertyDescription("Requests that are traced, in percent.")
        @Default("10")
        @Min(0)
        @Max(100)
        Integer samplePercent) {

  public Tracing {
    samplePercent = Absent.or(samplePercent, 10);
  }
}
