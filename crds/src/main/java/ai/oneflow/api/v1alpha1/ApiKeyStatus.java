package ai.oneflow.api.v1alpha1;

import ai.oneflow.api.value.Money;
import ai.oneflow.api.value.Timestamp;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator says of an ApiKey; never the key.
public record ApiKeyStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Accepted, ResolvedRefs, Programmed and Ready.")
        List<Condition> conditions,
    @JsonPropertyDescription("How the key begins, enough to recognise it.") @Nullable String prefix,
    @JsonPropertyDescription("The Secret that holds the key.") @Nullable String secretName,
    @JsonPropertyDescription("The value of oneflow.ai/rotate that the key was made for.")
        @Nullable String rotation,
    @JsonPropertyDescription("When the key was made.") @Timestamp @Nullable Instant rotatedAt,
    @JsonPropertyDescription("Until when the key before it works on.") @Timestamp
        @Nullable Instant graceUntil,
    @JsonPropertyDescription("When it was last used.") @Timestamp @Nullable Instant lastUsedAt,
    @JsonPropertyDescription("What it spent in the window under way.") @Nullable Spend spend) {

  public ApiKeyStatus {
    conditions = Absent.orEmpty(conditions);
  }

  /// What was spent in a window.
  public record Spend(
      @JsonPropertyDescription("The window.") Budget.@Nullable Window window,
      @JsonPropertyDescription("When the window began.") @Timestamp @Nullable Instant since,
      @JsonPropertyDescription("Credits; a hundred are a dollar.") @Money
          @Nullable BigDecimal credits) {}
}
