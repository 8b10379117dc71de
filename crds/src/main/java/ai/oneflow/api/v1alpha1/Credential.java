package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/// A key to an account. It names a Secret and never holds one.
@ValidationRule(
    value = "self.type == 'None' || has(self.secretRef)",
    message =
        "a credential needs secretRef, as in secretRef: {name: openai, key: api-key}; write type:"
            + " None for a provider without authentication")
@ValidationRule(
    value = "self.type != 'None' || !has(self.secretRef)",
    message = "type: None reads no Secret; leave secretRef out or name the type of the key")
public record Credential(
    @JsonPropertyDescription("How the key is presented.") @Default("ApiKey") Type type,
    @JsonPropertyDescription("The Secret that holds it. Needed unless type is None.")
        @Nullable SecretKeyRef secretRef) {

  public Credential {
    type = Absent.or(type, Type.API_KEY);
  }

  /// How a key is presented to the provider.
  public enum Type {
    @JsonProperty("ApiKey")
    API_KEY,
    @JsonProperty("AwsSigV4")
    AWS_SIG_V4,
    @JsonProperty("GcpServiceAccount")
    GCP_SERVICE_ACCOUNT,
    @JsonProperty("AzureEntra")
    AZURE_ENTRA,
    @JsonProperty("None")
    NONE
  }
}
