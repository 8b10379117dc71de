package ai.oneflow.snapshot;

/// The kinds of entry in a snapshot, one for each kind of resource, in the order of a listing.
public enum Kind {
  LLM_GATEWAY("LLMGateway"),
  LLM_PROVIDER("LLMProvider"),
  ROUTING_POLICY("RoutingPolicy"),
  API_KEY("ApiKey"),
  QUOTA_POLICY("QuotaPolicy");

  private final String resourceKind;

  Kind(String resourceKind) {
    this.resourceKind = resourceKind;
  }

  /// The `kind` of the resource as Kubernetes spells it.
  public String resourceKind() {
    return resourceKind;
  }
}
