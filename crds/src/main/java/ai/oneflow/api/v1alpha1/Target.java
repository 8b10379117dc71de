package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// A model of a provider that a policy leads to.
public record Target(
    @JsonPropertyDescription("The provider.") @Required ProviderRef provider,
    @JsonPropertyDescription("The model, as the provider calls it.")
        @Required
        @Size(min = 1, max = 253)
        String model,
    @JsonPropertyDescription(
            "The share of requests, relative to the other targets, with strategy: Weighted.")
        @Default("1")
        @Min(0)
        @Max(1_000_000)
        Integer weight,
    @JsonPropertyDescription("The order with strategy: Priority; lower is tried first.")
        @Default("1")
        @Min(0)
        @Max(1_000)
        Integer priority) {

  public Target {
    weight = Absent.or(weight, 1);
    priority = Absent.or(priority, 1);
  }

  /// Names an LLMProvider.
  public record ProviderRef(
      @JsonPropertyDescription("The LLMProvider.") @Required @Size(min = 1, max = 253) String name,
      @JsonPropertyDescription(
              "Its namespace, which must allow this one. Default: that of the policy.")
          @Size(min = 1, max = 63)
          @Nullable String namespace) {

    /// The namespace that is meant by a policy of `own`.
    public String namespaceOr(String own) {
      return namespace == null ? own : namespace;
    }
  }
}
