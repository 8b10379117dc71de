package ai.oneflow.gateway.exchange.route;

/// Why a target is no candidate for a request.
public enum Rejection {
  /// The caller named another one.
  NOT_PINNED("the caller pinned another provider"),
  TOOLS("the model calls no tools"),
  VISION("the model reads no pictures"),
  JSON_SCHEMA("the model does not answer by a JSON schema"),
  CONTEXT_WINDOW("the prompt is longer than the model's context window"),
  REGION("the provider lies in no region that the policy demands"),
  QUALITY("the model's quality is below what the policy demands"),
  COST("the request would cost more than the policy allows"),
  UNPRICED("the model has no price, and the policy refuses to serve it without");

  private final String meaning;

  Rejection(String meaning) {
    this.meaning = meaning;
  }

  /// One clause for a person.
  public String meaning() {
    return meaning;
  }
}
