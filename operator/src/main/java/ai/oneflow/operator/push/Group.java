package ai.oneflow.operator.push;

import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.SnapshotVersion;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The pods of one LLMGateway, what they are to run, and who is sent it when. Confined to the lock
/// of [Fleet].
final class Group {
  private final Clock clock;
  private final TreeMap<String, GatewayStream> streams = new TreeMap<>();
  private final RollOut rollOut = new RollOut();
  private boolean stopped;

  Group(Clock clock) {
    this.clock = clock;
  }

  /// A copy: the caller may end streams while it goes through them.
  List<GatewayStream> streams() {
    return List.copyOf(streams.values());
  }

  /// The newest snapshot that a pod has accepted.
  Optional<GatewaySnapshot> accepted() {
    return rollOut.accepted();
  }

  /// What a pod falls back to that refuses this version and runs nothing that is known here.
  Optional<GatewaySnapshot> acceptedBefore(SnapshotVersion version) {
    return rollOut.acceptedBefore(version);
  }

  /// Pods accepted this of a former operator.
  void inherit(GatewaySnapshot snapshot, LongSupplier nonces) {
    rollOut.inherit(snapshot, nonces);
    recognize(snapshot);
  }

  void publish(GatewaySnapshot snapshot, LongSupplier nonces) {
    if (rollOut.publish(snapshot, nonces)) {
      recognize(snapshot);
      advance();
    }
  }

  /// Pods that were here before anybody knew what they run.
  private void recognize(GatewaySnapshot snapshot) {
    SnapshotVersion version = snapshot.version();
    for (GatewayStream stream : streams.values()) {
      if (stream.state instanceof StreamState.Settled settled && stream.stillRuns(version)) {
        stream.state = new StreamState.Settled(Optional.of(snapshot), settled.rejection());
        rollOut.accepted(version);
      }
    }
  }

  /// A pod is there. The stream of the same instance ends that this one replaces: a connection that
  /// broke without a word is noticed later than its successor comes.
  GatewayStream join(Caller caller, Hello hello, StreamObserver<EncodedPush> out) {
    StreamState state =
        new StreamState.Settled(hello.held().flatMap(rollOut::known), Optional.empty());
    GatewayStream stream = new GatewayStream(caller, hello, out, state);
    stream.reviewedAt = clock.instant();
    GatewayStream former = streams.put(stream.instance, stream);
    if (former != null) {
      former.end(
          Status.ABORTED.withDescription(
              "another stream of instance " + stream.instance + " took over"));
    }
    hello.held().ifPresent(rollOut::accepted);
    return stream;
  }

  /// Says whether it was there.
  boolean remove(GatewayStream stream) {
    boolean removed = streams.remove(stream.instance, stream);
    if (removed && stream.state instanceof StreamState.Pushing pushing) {
      rollOut.lost(pushing.push().version(), clock.instant());
    }
    return removed;
  }

  /// A pod runs what it was sent.
  void accepts(GatewayStream stream, StreamState.Pushing sent) {
    SnapshotVersion version = sent.push().version();
    stream.state = sent.accepted(rollOut.isNewest(version));
    rollOut.accepted(version);
  }

  /// A pod refuses what it was sent, and runs what it had.
  void refuses(GatewayStream stream, StreamState.Settled settled) {
    stream.state = settled;
    settled.rejection().ifPresent(rejection -> rollOut.refused(rejection.version()));
  }

  /// Nothing is sent any more.
  void stop() {
    stopped = true;
  }

  /// Gives one more pod a try at what another was given before and has not answered.
  void tryFurther() {
    if (rollOut.isOpen()) {
      advance();
    }
  }

  /// Sends each pod what is due.
  void advance() {
    if (stopped) {
      return;
    }
    for (GatewayStream stream : mostReliableFirst()) {
      due(stream, clock.instant())
          .ifPresent(publication -> push(stream, publication, stream.state.runs()));
    }
  }

  /// Sends this version, not as a delta.
  void pushWhole(GatewayStream stream, SnapshotVersion version) {
    rollOut
        .ofVersionOrNewest(version)
        .ifPresent(publication -> push(stream, publication, Optional.empty()));
  }

  /// Those first that refused nothing lately: if the fault is a gateway's, it is not asked again.
  private List<GatewayStream> mostReliableFirst() {
    return streams.values().stream()
        .sorted(Comparator.comparing(stream -> stream.state.rejection().isPresent()))
        .toList();
  }

  private Optional<Publication> due(GatewayStream stream, Instant now) {
    return stream.state instanceof StreamState.Settled settled
        ? rollOut.due(stream, now, () -> isTried(now)).filter(settled::lacks)
        : Optional.empty();
  }

  private boolean isTried(Instant now) {
    Instant soon = now.minus(RollOut.ANSWER_SOON);
    return streams.values().stream()
        .anyMatch(
            s ->
                s.state instanceof StreamState.Pushing p
                    && rollOut.isNewest(p.push().version())
                    && p.at().isAfter(soon));
  }

  private void push(GatewayStream stream, Publication publication, Optional<GatewaySnapshot> base) {
    EncodedPush push = publication.from(base);
    StreamState.Settled settled =
        new StreamState.Settled(stream.state.runs(), stream.state.rejection());
    stream.state = settled.push(push.push(), publication.snapshot(), clock.instant());
    stream.send(push);
  }
}
