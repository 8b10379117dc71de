package ai.oneflow.operator.push;

import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Nack;
import ai.oneflow.snapshot.Push;
import java.time.Instant;
import java.util.Optional;

/// Where the conversation with one gateway stands. Transitions are pure; [Fleet] carries them out.
///
/// `runs` is what the gateway serves by, where this operator knows that snapshot. `rejection` is
/// the last push that the gateway refused, until it accepts one.
sealed interface StreamState {

  Optional<GatewaySnapshot> runs();

  Optional<Rejection> rejection();

  /// Every push is answered.
  record Settled(Optional<GatewaySnapshot> runs, Optional<Rejection> rejection)
      implements StreamState {

    /// What to do about the newest publication: nothing where the gateway runs it, or has refused
    /// it and would refuse it again.
    boolean lacks(Publication newest) {
      boolean has = runs.filter(r -> r.version().equals(newest.version())).isPresent();
      boolean refused = rejection.filter(r -> r.version().equals(newest.version())).isPresent();
      return !has && !refused;
    }

    Pushing push(Push push, GatewaySnapshot sent, Instant at) {
      return new Pushing(push, sent, at, runs, rejection);
    }
  }

  /// One push is not answered yet; whatever is published meanwhile waits and coalesces.
  record Pushing(
      Push push,
      GatewaySnapshot sent,
      Instant at,
      Optional<GatewaySnapshot> runs,
      Optional<Rejection> rejection)
      implements StreamState {

    boolean isAnsweredBy(Ack ack) {
      return ack.nonce() == push.nonce() && ack.version().equals(push.version());
    }

    boolean isAnsweredBy(Nack nack) {
      return nack.nonce() == push.nonce() && nack.version().equals(push.version());
    }

    /// @param newest whether there is nothing newer, which it may have refused
    Settled accepted(boolean newest) {
      return new Settled(Optional.of(sent), newest ? Optional.empty() : rejection);
    }

    /// @param good what others accepted before, which counts where it is not known what it runs
    Settled refused(Nack nack, Optional<GatewaySnapshot> good) {
      Rejection rejection =
          new Rejection(nack.version(), nack.refusals(), sent, runs.or(() -> good));
      return new Settled(runs, Optional.of(rejection));
    }

    /// A delta that a gateway cannot apply names no entry. The whole snapshot is then tried once.
    boolean deservesTheWhole(Nack nack) {
      return push.base().isPresent()
          && nack.refusals().stream().allMatch(refusal -> refusal.entry().isEmpty());
    }
  }
}
