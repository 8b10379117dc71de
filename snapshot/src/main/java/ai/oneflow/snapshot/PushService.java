package ai.oneflow.snapshot;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The gRPC method over which snapshots travel: the gateway calls, says [Hello], and for every
// [Push] that it receives
/// answers [Ack] or [Nack]. At most one push of a stream is unanswered at any time.
///
/// Metadata `authorization: Bearer <token>` carries the pod's projected service-account token for
// the audience
/// [#AUDIENCE].
public final class PushService {
  public static final String NAME = "oneflow.push.v1.PushService";

  /// The audience that a gateway's token must be made for.
  public static final String AUDIENCE = "oneflow-push";

  /// Both directions stream.
  public static final MethodDescriptor<FromGateway, Push> CONNECT =
      MethodDescriptor.<FromGateway, Push>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Connect"))
          .setRequestMarshaller(new JsonMarshaller<>(FromGateway.class))
          .setResponseMarshaller(new JsonMarshaller<>(Push.class))
          .build();

  private PushService() {}

  private record JsonMarshaller<T>(Class<T> type) implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T value) {
      return new ByteArrayInputStream(SnapshotCodec.encode(value));
    }

    @Override
    public T parse(InputStream stream) {
      try {
        return SnapshotCodec.decode(stream, type);
      } catch (IOException e) {
        throw Status.INVALID_ARGUMENT
            .withDescription(e.getMessage())
            .withCause(e)
            .asRuntimeException();
      }
    }
  }
}
