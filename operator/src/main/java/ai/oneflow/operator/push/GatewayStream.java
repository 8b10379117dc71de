package ai.oneflow.operator.push;

import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.RefusedCredentials;
import ai.oneflow.snapshot.SnapshotVersion;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One gateway's open stream. Everything but the final fields is confined to the lock of [Fleet].
final class GatewayStream {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayStream.class);

  final Caller caller;
  final String instance;
  private final StreamObserver<EncodedPush> out;
  StreamState state;
  Instant reviewedAt;
  private boolean open = true;
  private final Optional<SnapshotVersion> held;
  private Optional<Breakers> breakers = Optional.empty();
  private List<RefusedCredentials.Refused> refusedCredentials = List.of();

  GatewayStream(Caller caller, Hello hello, StreamObserver<EncodedPush> out, StreamState state) {
    this.caller = caller;
    this.instance = hello.instance();
    this.held = hello.held();
    this.out = out;
    this.state = state;
    this.reviewedAt = Instant.MIN;
  }

  /// It runs no snapshot, and so serves nobody; not even one of a former operator's.
  boolean holdsNothing() {
    return held.isEmpty() && state.runs().isEmpty();
  }

  /// It has accepted nothing here, and runs this version of a former operator's.
  boolean stillRuns(SnapshotVersion version) {
    return state.runs().isEmpty() && held.filter(version::equals).isPresent();
  }

  /// Hands the push to the transport, which does not block: one push is in flight at most.
  void send(EncodedPush push) {
    if (open) {
      tell(() -> out.onNext(push));
    }
  }

  /// Ends the stream from this side, at most once.
  void end(Status why) {
    if (open) {
      open = false;
      tell(() -> out.onError(why.asRuntimeException()));
    }
  }

  /// Answers the gateway that said it is done.
  void complete() {
    if (open) {
      open = false;
      tell(out::onCompleted);
    }
  }

  /// The transport throws when the connection broke and the stream has not heard of it yet. That is
  /// this gateway's trouble and must not keep a push from the others.
  private void tell(Runnable words) {
    try {
      words.run();
    } catch (RuntimeException e) {
      LOG.debug("instance {} of gateway {} cannot be told", instance, caller.gateway(), e);
    }
  }

  /// The connection is gone; there is nobody to tell.
  void lost() {
    open = false;
  }

  void hear(BreakerStates said) {
    breakers = Optional.of(breakers.orElse(Breakers.ALL_CLOSED).with(said));
  }

  void hear(RefusedCredentials said) {
    refusedCredentials = said.credentials();
  }

  Instance view() {
    return new Instance(instance, state.runs(), state.rejection(), breakers, refusedCredentials);
  }
}
