package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.DurationFormat;
import ai.oneflow.api.value.Limits;
import ai.oneflow.api.value.Name;
import ai.oneflow.api.value.Timestamp;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A caller: whom it counts for, what it may ask for, how much, and for how long.
@ValidationRule(
    value =
        "has(self.secretName) == has(oldSelf.secretName) && (!has(self.secretName) ||"
            + " self.secretName == oldSelf.secretName)",
    message =
        "secretName cannot change, since callers read the key there; make a new ApiKey instead")
public record ApiKeySpec(
    @JsonPropertyDescription("Whom its requests count for. Default: the name of the ApiKey.")
        @Pattern(Name.SUBJECT)
        @Size(min = 1, max = 253)
        @Nullable String user,
    @JsonPropertyDescription("The project that pays. Default: the namespace of the ApiKey.")
        @Pattern(Name.SUBJECT)
        @Size(min = 1, max = 253)
        @Nullable String project,
    @JsonPropertyDescription(
            "Model names that it may ask for, public ones or provider/model; * stands for any text,"
                + " as in claude-*. Default: all.")
        @Default("[]")
        @Size(max = 64)
        List<@Size(min = 1, max = 253) @Pattern(Name.MODEL_GLOB) String> models,
    @JsonPropertyDescription(
            "Requests, as in 100/hour;1000/day. Default: requestsPerUser of the gateway.")
        @Pattern(Limits.PATTERN)
        @Size(max = Limits.LONGEST)
        @Nullable Limits requests,
    @JsonPropertyDescription("Tokens, as in 200000/minute. Default: no limit.")
        @Pattern(Limits.PATTERN)
        @Size(max = Limits.LONGEST)
        @Nullable Limits tokens,
    @JsonPropertyDescription("What it may spend.") @Default("[]") @Size(max = 8)
        List<Budget> budgets,
    @JsonPropertyDescription("Whether it spends credits that were topped up; 402 when gone.")
        @Default("false")
        Boolean prepaid,
    @JsonPropertyDescription("Requests under way at once; 0: no limit.")
        @Default("0")
        @Min(0)
        @Max(100_000)
        Integer maxConcurrent,
    @JsonPropertyDescription(
            "When it is replaced. Default: only by the annotation oneflow.ai/rotate.")
        @Nullable Rotation rotation,
    @JsonPropertyDescription("Whether it is refused everywhere, without being deleted.")
        @Default("false")
        Boolean suspended,
    @JsonPropertyDescription("When it ends. Default: never.") @Timestamp
        @Nullable Instant expiresAt,
    @JsonPropertyDescription(
            "The Secret that the key is put into, under api-key. Default: the name of the ApiKey"
                + " and -key.")
        @Pattern(Name.RESOURCE)
        @Size(min = 1, max = 253)
        @Nullable String secretName) {

  public ApiKeySpec {
    models = Absent.orEmpty(models);
    budgets = Absent.orEmpty(budgets);
    prepaid = Absent.or(prepaid, false);
    maxConcurrent = Absent.or(maxConcurrent, 0);
    suspended = Absent.or(suspended, false);
  }

  /// The Secret of an ApiKey of this name.
  public String secretNameOr(String resourceName) {
    return secretName == null ? resourceName + "-key" : secretName;
  }

  /// When a key is replaced.
  public record Rotation(
      @JsonPropertyDescription("How old a key gets, as in 90d.")
          @Required
          @DurationFormat.Text
          @ValidationRule(
              value = "self.matches('^0*[1-9][0-9]*(h|d)$')",
              message = "a key is replaced after hours or days, as in every: 90d")
          Duration every,
      @JsonPropertyDescription("How long the old key works on beside the new one.")
          @Default("7d")
          @DurationFormat.Text
          Duration grace) {
    /// How long a key works on that is replaced without any of this being said.
    public static final Duration DEFAULT_GRACE = Duration.ofDays(7);

    public Rotation {
      grace = Absent.or(grace, DEFAULT_GRACE);
    }
  }
}
