package ai.oneflow.gateway.idempotency;

/// A claim that is held. The last call is one of [#conclude] and [#letGo]. A turn whose lease has
/// lapsed and whose name another request has claimed since changes nothing any more.
public interface Turn {

  /// For another lease from now on. Takes the name anew if it was lost and nobody has it.
  void renew();

  /// The request was answered.
  void conclude(Conclusion conclusion);

  /// The request came to no answer that is worth keeping: the next one with the name is a first.
  void letGo();
}
