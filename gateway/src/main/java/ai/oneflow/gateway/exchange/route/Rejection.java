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
  UNPRICED("the model has no price, and the policy refuses to serve it without"),
  /// It has failed several times in a row.
  BREAKER_OPEN("the model has failed several times in a row and is left alone for a while"),
  /// It has asked for that.
  PAUSED("the provider wants to be left alone for a while");

  private final String meaning;

  Rejection(String meaning) {
    this.meaning = meaning;
  }

  /// Whether the target could serve the request but for this, and will again before long.
  public boolean isTemporary() {
    return this == BREAKER_OPEN || this == PAUSED;
  }

  /// One clause for a person.
  public String meaning() {
    return meaning;
  }
}
