package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What the gateways need to know of one resource. Equal entries have equal encodings.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GatewayEntry.class, name = "LLMGateway"),
  @JsonSubTypes.Type(value = ProviderEntry.class, name = "LLMProvider"),
  @JsonSubTypes.Type(value = RouteEntry.class, name = "RoutingPolicy"),
  @JsonSubTypes.Type(value = KeyEntry.class, name = "ApiKey"),
  @JsonSubTypes.Type(value = QuotaEntry.class, name = "QuotaPolicy"),
})
public sealed interface Entry
    permits GatewayEntry, ProviderEntry, RouteEntry, KeyEntry, QuotaEntry {

  String namespace();

  String name();

  /// The resource's `metadata.generation` that this entry holds, at least 0.
  long generation();

  /// The kind of resource behind this entry.
  default Kind kind() {
    return switch (this) {
      case GatewayEntry _ -> Kind.LLM_GATEWAY;
      case ProviderEntry _ -> Kind.LLM_PROVIDER;
      case RouteEntry _ -> Kind.ROUTING_POLICY;
      case KeyEntry _ -> Kind.API_KEY;
      case QuotaEntry _ -> Kind.QUOTA_POLICY;
    };
  }

  default EntryKey key() {
    return new EntryKey(kind(), namespace(), name());
  }
}
