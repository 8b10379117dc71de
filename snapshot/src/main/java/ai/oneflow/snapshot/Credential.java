package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How a gateway proves itself to a provider.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Credential.ApiKey.class, name = "ApiKey"),
  @JsonSubTypes.Type(value = Credential.None.class, name = "None"),
})
public sealed interface Credential {

  /// The provider's own API key, sent as its dialect sends it.
  record ApiKey(Secret secret) implements Credential {}

  /// The provider asks for nothing, as a model server inside the cluster does.
  record None() implements Credential {}
}
