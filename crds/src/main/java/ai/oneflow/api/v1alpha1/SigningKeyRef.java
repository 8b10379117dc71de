package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/// A key for signatures in a Secret of the resource's own namespace.
public record SigningKeyRef(
    @JsonPropertyDescription("The Secret, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("The key in its data.")
        @Default("signing-key")
        @Size(min = 1, max = 253)
        String key) {

  public SigningKeyRef {
    key = Absent.or(key, "signing-key");
  }
}
