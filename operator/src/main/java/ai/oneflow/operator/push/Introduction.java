package ai.oneflow.operator.push;

import ai.oneflow.snapshot.PushService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Says to every gateway, before it has said anything, which of the later messages are taken here.
/// Headers would go with the first push otherwise, and a gateway that lacks nothing gets none.
final class Introduction implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Metadata mine = new Metadata();
    mine.put(
        PushService.TAKES,
        String.join(
            ",", PushService.BREAKERS, PushService.REFUSED_CREDENTIALS, PushService.KEY_USES));
    call.sendHeaders(mine);
    return next.startCall(new Introduced<>(call), headers);
  }

  /// A call whose headers have gone.
  private static final class Introduced<Q, A> extends SimpleForwardingServerCall<Q, A> {
    Introduced(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      // Those of the first push, which are empty.
    }
  }
}
