package ai.oneflow.gateway.exchange.accept;

import io.netty.util.AsciiString;

/// The headers that a gateway adds to an answer. `docs/reference/headers.md` lists them.
public enum ResponseHeader {
  REQUEST_ID("x-request-id", "the caller's own if it was well formed, otherwise made here"),
  RATE_LIMIT_LIMIT(
      "x-ratelimit-limit", "requests that the tightest limit on them allows in its window"),
  RATE_LIMIT_REMAINING("x-ratelimit-remaining", "how many of them are left"),
  RATE_LIMIT_RESET(
      "x-ratelimit-reset", "seconds until the limit is whole again if nothing is asked"),
  PROVIDER("oneflow-provider", "the provider that answered, as namespace/name"),
  MODEL("oneflow-model", "the model as the provider calls it"),
  STRATEGY("oneflow-strategy", "how the target was chosen"),
  DEGRADED_FROM(
      "oneflow-degraded-from",
      "the model that was asked for, where a spent budget led to a cheaper one"),
  ATTEMPTS("oneflow-attempts", "how many times a provider was called"),
  COST_CREDITS("oneflow-cost-credits", "what was charged, in credits; absent in streams"),
  REPLAYED(
      "idempotent-replayed",
      "`true` where the answer to an earlier request with the same `Idempotency-Key` is given again");

  @SuppressWarnings("ImmutableEnumChecker") // an AsciiString never changes
  private final AsciiString wireName;

  private final String meaning;

  ResponseHeader(String wireName, String meaning) {
    this.wireName = AsciiString.cached(wireName);
    this.meaning = meaning;
  }

  public AsciiString wireName() {
    return wireName;
  }

  /// One clause for a person.
  public String meaning() {
    return meaning;
  }
}
