package ai.oneflow.gateway.idempotency;

/// How a request was answered.
public sealed interface Conclusion {

  /// With this, which can be given again.
  record Kept(StoredAnswer answer) implements Conclusion {}

  /// With something that cannot be given again: too large to be kept, dropped for want of room, or
  /// sealed for another key of the caller's.
  record NotKept() implements Conclusion {}
}
