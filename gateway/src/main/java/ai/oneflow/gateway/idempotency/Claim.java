package ai.oneflow.gateway.idempotency;

/// What came of claiming a name.
public sealed interface Claim {

  /// It is this request's: its provider may be called.
  record First(Turn turn) implements Claim {}

  /// An earlier request with the same name and body was answered.
  record Concluded(Conclusion conclusion) implements Claim {}

  /// An earlier one with the same name and body is not answered yet.
  record UnderWay() implements Claim {}

  /// The name is that of a request with another body.
  record Mismatch() implements Claim {}

  /// Nobody can tell at present: serving it might charge for it twice.
  record Unreachable() implements Claim {}
}
