package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator says of a QuotaPolicy.
public record QuotaPolicyStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Accepted, ResolvedRefs, Programmed and Ready.")
        List<Condition> conditions) {

  public QuotaPolicyStatus {
    conditions = Absent.orEmpty(conditions);
  }
}
