package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/// Certificates, as PEM, in a Secret of the resource's own namespace.
public record CertificateRef(
    @JsonPropertyDescription("The Secret, in the namespace of this resource.")
        @Required
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("The key in its data.") @Default("ca.crt") @Size(min = 1, max = 253)
        String key) {

  public CertificateRef {
    key = Absent.or(key, "ca.crt");
  }
}
