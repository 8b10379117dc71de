package ai.oneflow.gateway.ledger;

/// How a request that was sent to a provider ended.
public enum Outcome {
  /// The provider's whole answer went to the caller.
  COMPLETED(1, "completed"),
  /// The provider refused the request: an answer of 4xx.
  PROVIDER_REFUSED(2, "provider_refused"),
  /// The provider failed: no connection, 5xx, time-out, half an answer, garbage, or an error that
  /// it told of in an answer of 200.
  PROVIDER_FAILED(3, "provider_failed"),
  /// The caller hung up before the answer was complete.
  CALLER_GONE(4, "caller_gone"),
  /// The gateway itself failed or was shut down.
  GATEWAY_FAILED(5, "gateway_failed"),
  /// The gateway ended a stream that had reached what was held for it.
  LIMIT_REACHED(6, "limit_reached");

  private final int code;
  private final String label;

  Outcome(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /// What the journal writes. A code is never used again for another meaning; a new one needs a
  /// new format of the journal, so that an older gateway leaves the file alone.
  public int code() {
    return code;
  }

  /// As SQL and reports name it.
  public String label() {
    return label;
  }
}
