package ai.oneflow.gateway.config.push;

/// Who this gateway says it is.
///
/// @param namespace the LLMGateway's
/// @param gateway the LLMGateway's name
/// @param instance the pod's name, which no other pod of the gateway has
public record Self(String namespace, String gateway, String instance) {
  public Self {
    if (namespace.isBlank() || gateway.isBlank() || instance.isBlank()) {
      throw new IllegalArgumentException(
          "namespace, gateway and instance must not be blank, as in ai, main, main-0");
    }
  }
}
