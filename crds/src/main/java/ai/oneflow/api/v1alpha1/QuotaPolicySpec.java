package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.Limits;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Limits on everything that a subject matches.
@ValidationRule(
    value =
        "has(self.requests) || has(self.tokens) || has(self.credits) || (has(self.budgets) &&"
            + " self.budgets.size() > 0)",
    message =
        "a quota needs a limit; write at least one of requests, tokens, credits and budgets, as in"
            + " requests: 1000/hour")
public record QuotaPolicySpec(
    @JsonPropertyDescription(
            "What is counted. A name limits that one; * keeps one counter for each; nothing at all"
                + " counts everything together.")
        @Default("{}")
        Subject subject,
    @JsonPropertyDescription("Requests, as in 1000/hour.")
        @Pattern(Limits.PATTERN)
        @Size(max = Limits.LONGEST)
        @Nullable Limits requests,
    @JsonPropertyDescription("Tokens, as in 10000000/day.")
        @Pattern(Limits.PATTERN)
        @Size(max = Limits.LONGEST)
        @Nullable Limits tokens,
    @JsonPropertyDescription("Credits, as in 5000/week; a hundred are a dollar.")
        @Pattern(Limits.PATTERN)
        @Size(max = Limits.LONGEST)
        @Nullable Limits credits,
    @JsonPropertyDescription("What may be spent.") @Default("[]") @Size(max = 8)
        List<Budget> budgets,
    @JsonPropertyDescription(
            "While Redis is away: Allow everything, Deny everything, or LocalShare, the limit"
                + " divided by the gateways.")
        @Default("LocalShare")
        OnRedisUnavailable onRedisUnavailable,
    @JsonPropertyDescription(
            "Shadow counts and reports what it would have refused, and refuses nothing.")
        @Default("Enforce")
        Mode mode) {

  public QuotaPolicySpec {
    subject = Absent.or(subject, Subject.EVERYTHING);
    budgets = Absent.orEmpty(budgets);
    onRedisUnavailable = Absent.or(onRedisUnavailable, OnRedisUnavailable.LOCAL_SHARE);
    mode = Absent.or(mode, Mode.ENFORCE);
  }

  /// What is counted.
  public record Subject(
      @JsonPropertyDescription("A user, or *.") @Size(min = 1, max = 253) @Nullable String user,
      @JsonPropertyDescription("A project, or *.") @Size(min = 1, max = 253)
          @Nullable String project,
      @JsonPropertyDescription("An LLMProvider, or *.") @Size(min = 1, max = 253)
          @Nullable String provider,
      @JsonPropertyDescription("A public model name, or *.") @Size(min = 1, max = 253)
          @Nullable String model,
      @JsonPropertyDescription("The namespace of the ApiKey, or *.") @Size(min = 1, max = 63)
          @Nullable String namespace) {
    static final Subject EVERYTHING = new Subject(null, null, null, null, null);

    /// Dimension to value, only what is said.
    public Map<String, String> dimensions() {
      Map<String, String> said = new TreeMap<>();
      put(said, "user", user);
      put(said, "project", project);
      put(said, "provider", provider);
      put(said, "model", model);
      put(said, "namespace", namespace);
      return said;
    }

    private static void put(Map<String, String> said, String dimension, @Nullable String value) {
      if (value != null) {
        said.put(dimension, value);
      }
    }
  }

  /// What to do while Redis is away.
  public enum OnRedisUnavailable {
    @JsonProperty("Allow")
    ALLOW,
    @JsonProperty("Deny")
    DENY,
    @JsonProperty("LocalShare")
    LOCAL_SHARE
  }

  /// Whether the limits bind.
  public enum Mode {
    @JsonProperty("Enforce")
    ENFORCE,
    @JsonProperty("Shadow")
    SHADOW
  }
}
