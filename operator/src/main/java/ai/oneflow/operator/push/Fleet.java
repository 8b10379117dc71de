package ai.oneflow.operator.push;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.Ack;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.Nack;
import ai.oneflow.snapshot.RefusedCredentials;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All connected gateways: what each of them runs, and what it is to run.
///
/// One lock guards everything in it. Under the lock a delta is encoded once for all that need it
/// and handed to the transport; nothing there waits for a gateway. Safe for use by several threads.
public final class Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final Clock clock;
  private final FleetListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<GatewayId, Group> groups = new HashMap<>();
  private long nonce;

  public Fleet(Clock clock, FleetListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /// The pods of this gateway accepted this before this operator was there. To be called before
  /// anything is published: it is what they fall back to, and those that hold it are sent what
  /// differs.
  public void inherit(GatewayId gateway, GatewaySnapshot snapshot) {
    locked(() -> group(gateway).inherit(snapshot, () -> ++nonce));
  }

  /// From now on the pods of this gateway are to run `snapshot`. One is sent what it lacks, at once
  /// or as soon as it has answered what it was sent before, and the others when it has accepted
  /// that ([RollOut]).
  public void publish(GatewayId gateway, GatewaySnapshot snapshot) {
    locked(() -> group(gateway).publish(snapshot, () -> ++nonce));
  }

  /// There is no such gateway any more: its pods keep what they run and are let go.
  public void withdraw(GatewayId gateway) {
    locked(
        () -> {
          Group group = groups.remove(gateway);
          if (group != null) {
            Status why = Status.NOT_FOUND.withDescription("no LLMGateway " + gateway);
            group.streams().forEach(stream -> stream.end(why));
          }
        });
  }

  /// The pods of this gateway that are connected, by name.
  public List<Instance> instances(GatewayId gateway) {
    lock.lock();
    try {
      Group group = groups.get(gateway);
      return group == null ? List.of() : group.streams().stream().map(GatewayStream::view).toList();
    } finally {
      lock.unlock();
    }
  }

  /// The newest snapshot that a pod of this gateway has accepted.
  public Optional<GatewaySnapshot> accepted(GatewayId gateway) {
    lock.lock();
    try {
      return Optional.ofNullable(groups.get(gateway)).flatMap(Group::accepted);
    } finally {
      lock.unlock();
    }
  }

  GatewayStream join(Caller caller, Hello hello, StreamObserver<EncodedPush> out) {
    lock.lock();
    try {
      Group group = group(caller.gateway());
      GatewayStream stream = group.join(caller, hello, out);
      LOG.info("gateway {} instance {} connected", caller.gateway(), hello.instance());
      listener.changed(caller.gateway());
      group.advance();
      return stream;
    } finally {
      lock.unlock();
    }
  }

  void acknowledged(GatewayStream stream, Ack ack) {
    answered(
        stream,
        pushing -> {
          if (!pushing.isAnsweredBy(ack)) {
            drop(stream, unexpected("ack", ack.nonce()));
            return;
          }
          Group group = group(stream.caller.gateway());
          group.accepts(stream, pushing);
          listener.changed(stream.caller.gateway());
          group.advance();
        });
  }

  void refused(GatewayStream stream, Nack nack) {
    answered(
        stream,
        pushing -> {
          Group group = group(stream.caller.gateway());
          if (!pushing.isAnsweredBy(nack)) {
            drop(stream, unexpected("nack", nack.nonce()));
          } else if (pushing.deservesTheWhole(nack)) {
            LOG.warn("gateway {} cannot apply a delta", stream.caller.gateway());
            group.pushWhole(stream, nack.version());
          } else {
            refuse(stream, pushing.refused(nack, group.acceptedBefore(nack.version())));
          }
        });
  }

  /// What a gateway says beside its answers and not of itself.
  void told(GatewayStream stream, BiConsumer<FleetListener, GatewayId> hearing) {
    locked(() -> hearing.accept(listener, stream.caller.gateway()));
  }

  void breakers(GatewayStream stream, BreakerStates said) {
    locked(
        () -> {
          stream.hear(said);
          listener.breakersChanged(stream.caller.gateway());
        });
  }

  void credentials(GatewayStream stream, RefusedCredentials said) {
    locked(
        () -> {
          stream.hear(said);
          listener.credentialsChanged(stream.caller.gateway());
        });
  }

  private void refuse(GatewayStream stream, StreamState.Settled settled) {
    GatewayId gateway = stream.caller.gateway();
    group(gateway).refuses(stream, settled);
    settled
        .rejection()
        .ifPresent(rejection -> listener.refused(gateway, stream.instance, rejection));
    group(gateway).advance();
  }

  private void answered(GatewayStream stream, Consumer<StreamState.Pushing> answer) {
    locked(
        () -> {
          switch (stream.state) {
            case StreamState.Pushing pushing -> answer.accept(pushing);
            case StreamState.Settled _ ->
                drop(
                    stream,
                    Status.FAILED_PRECONDITION.withDescription(
                        "there is no push that awaits an answer"));
          }
        });
  }

  /// Ends every stream from this side.
  void endAll(Status why) {
    locked(
        () -> {
          groups.values().forEach(Group::stop);
          groups.values().stream()
              .flatMap(group -> group.streams().stream())
              .toList()
              .forEach(stream -> drop(stream, why));
        });
  }

  /// Ends a stream from this side.
  void end(GatewayStream stream, Status why) {
    locked(() -> drop(stream, why));
  }

  /// The gateway has ended its side.
  void left(GatewayStream stream) {
    locked(
        () -> {
          stream.complete();
          forget(stream);
        });
  }

  /// The connection broke.
  void lost(GatewayStream stream) {
    locked(
        () -> {
          stream.lost();
          forget(stream);
        });
  }

  /// The streams whose token was last reviewed before `limit`.
  List<GatewayStream> reviewedBefore(Instant limit) {
    lock.lock();
    try {
      return groups.values().stream()
          .flatMap(group -> group.streams().stream())
          .filter(stream -> stream.reviewedAt.isBefore(limit))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void reviewed(GatewayStream stream) {
    locked(() -> stream.reviewedAt = clock.instant());
  }

  /// Ends the streams of gateways that are connected and yet do not answer.
  void endUnanswered(Duration patience) {
    Instant limit = clock.instant().minus(patience);
    locked(
        () ->
            groups.values().stream()
                .flatMap(group -> group.streams().stream())
                .filter(s -> s.state instanceof StreamState.Pushing p && p.at().isBefore(limit))
                .toList()
                .forEach(
                    s ->
                        drop(
                            s,
                            Status.DEADLINE_EXCEEDED.withDescription(
                                "a push was not answered within " + patience))));
  }

  /// Gives one more gateway a try at what another was given before and has not answered.
  void tryFurther() {
    locked(() -> groups.values().forEach(Group::tryFurther));
  }

  private void drop(GatewayStream stream, Status why) {
    LOG.warn(
        "stream of gateway {} instance {} ended: {}",
        stream.caller.gateway(),
        stream.instance,
        why.getDescription());
    stream.end(why);
    forget(stream);
  }

  private void forget(GatewayStream stream) {
    Group group = groups.get(stream.caller.gateway());
    if (group != null && group.remove(stream)) {
      listener.changed(stream.caller.gateway());
      group.advance();
    }
  }

  private Group group(GatewayId gateway) {
    return groups.computeIfAbsent(gateway, _ -> new Group(clock));
  }

  private static Status unexpected(String answer, long nonce) {
    return Status.FAILED_PRECONDITION.withDescription(
        answer + " for nonce " + nonce + " answers no push that awaits an answer");
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
