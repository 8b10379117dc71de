package ai.oneflow.gateway.config.push;

import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.KeptSnapshot;
import ai.oneflow.snapshot.Nack;
import ai.oneflow.snapshot.Push;
import ai.oneflow.snapshot.ReceivedPush;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.SnapshotVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this gateway runs, and how it answers a push. Outlives every connection.
///
/// Written by the client's thread alone; [#version()] may be asked by any.
final class Running {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);
  private static final GatewaySnapshot NOTHING = GatewaySnapshot.of(List.of());

  /// As many refusals as fit into an answer with ease; the rest show when these are mended.
  private static final int MOST_REFUSALS = 100;

  private final SnapshotSink sink;
  private volatile Optional<GatewaySnapshot> accepted = Optional.empty();

  Running(SnapshotSink sink) {
    this.sink = sink;
  }

  Hello greeting(Self self) {
    return new Hello(self.namespace(), self.gateway(), self.instance(), version());
  }

  Optional<SnapshotVersion> version() {
    return accepted.map(GatewaySnapshot::version);
  }

  /// Puts the push in force if it can be, and says what became of it.
  FromGateway answer(ReceivedPush received) {
    return switch (received) {
      case ReceivedPush.Garbled garbled ->
          refuse(garbled.nonce(), garbled.version(), garbled.refusals());
      case ReceivedPush.Understood(var push) -> answer(push);
    };
  }

  /// Puts a kept snapshot in force.
  ///
  /// @return whether it is
  boolean restore(KeptSnapshot kept) {
    try {
      LOG.warn(
          "the operator has sent nothing: trying snapshot {}, which was kept at {}",
          kept.version().abbreviated(),
          kept.keptAt());
      return answer(kept.push()) instanceof Ack;
    } catch (IOException e) {
      LOG.warn("snapshot {} was not kept whole: {}", kept.version().abbreviated(), e.getMessage());
      return false;
    }
  }

  private FromGateway answer(Push push) {
    if (push.base().isPresent() && !push.base().equals(version())) {
      return refuse(push, "the push builds on a snapshot that this gateway does not hold");
    }
    GatewaySnapshot base = push.base().isPresent() ? accepted.orElseThrow() : NOTHING;
    GatewaySnapshot snapshot = push.delta().applyTo(base);
    if (!snapshot.version().equals(push.version())) {
      return refuse(
          push,
          "the push makes snapshot " + snapshot.version() + ", which is not the one announced");
    }
    return switch (offer(snapshot)) {
      case Outcome.Accepted _ -> {
        accepted = Optional.of(snapshot);
        LOG.info("snapshot {} is in force", snapshot.version().abbreviated());
        yield new Ack(push.nonce(), push.version());
      }
      case Outcome.Refused(var refusals) -> refuse(push.nonce(), push.version(), refusals);
    };
  }

  /// A bug in what compiles snapshots must not end the stream: the operator would never learn of
  /// it.
  private Outcome offer(GatewaySnapshot snapshot) {
    try {
      return sink.offer(snapshot);
    } catch (RuntimeException e) {
      LOG.error("snapshot {} could not be compiled", snapshot.version().abbreviated(), e);
      String reason = "the gateway failed on the snapshot: " + e.getClass().getSimpleName();
      return new Outcome.Refused(List.of(new Refusal(Optional.empty(), reason)));
    }
  }

  private static Nack refuse(Push push, String reason) {
    return refuse(push.nonce(), push.version(), List.of(new Refusal(Optional.empty(), reason)));
  }

  private static Nack refuse(long nonce, SnapshotVersion version, List<Refusal> refusals) {
    LOG.warn("snapshot {} is refused: {}", version.abbreviated(), refusals);
    return new Nack(nonce, version, refusals.subList(0, Math.min(MOST_REFUSALS, refusals.size())));
  }
}
