package ai.oneflow.operator.push;

import ai.oneflow.snapshot.EncodedPush;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;

/// One gateway's open stream. Everything but the final fields is confined to the lock of [Fleet].
final class GatewayStream {
  final Caller caller;
  final String instance;
  private final StreamObserver<EncodedPush> out;
  StreamState state;
  Instant reviewedAt;
  private boolean open = true;

  GatewayStream(
      Caller caller, String instance, StreamObserver<EncodedPush> out, StreamState state) {
    this.caller = caller;
    this.instance = instance;
    this.out = out;
    this.state = state;
    this.reviewedAt = Instant.MIN;
  }

  /// Hands the push to the transport, which does not block: one push is in flight at most.
  void send(EncodedPush push) {
    if (open) {
      out.onNext(push);
    }
  }

  /// Ends the stream from this side, at most once.
  void end(Status why) {
    if (open) {
      open = false;
      out.onError(why.asRuntimeException());
    }
  }

  /// Answers the gateway that said it is done.
  void complete() {
    if (open) {
      open = false;
      out.onCompleted();
    }
  }

  /// The connection is gone; there is nobody to tell.
  void lost() {
    open = false;
  }

  Instance view() {
    return new Instance(instance, state.runs(), state.rejection());
  }
}
