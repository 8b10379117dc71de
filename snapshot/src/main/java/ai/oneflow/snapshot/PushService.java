package ai.oneflow.snapshot;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The gRPC method over which snapshots travel: the gateway calls, says [Hello], and for every
/// [Push] that it receives answers [Ack] or [Nack]. At most one push of a stream is unanswered at
/// any time.
///
/// Metadata `authorization: Bearer <token>` carries the pod's projected service-account token for
/// the audience [#AUDIENCE].
public final class PushService {
  public static final String NAME = "oneflow.push.v1.PushService";

  /// The audience that a gateway's token must be made for.
  public static final String AUDIENCE = "oneflow-push";

  /// Response header, sent as soon as a call is admitted: which messages this operator takes beyond
  /// those that every operator takes, by name, with commas between. An operator ends the stream
  /// over a message that it does not know, so a gateway sends none of them that is not named here.
  public static final Metadata.Key<String> TAKES =
      Metadata.Key.of("oneflow-takes", Metadata.ASCII_STRING_MARSHALLER);

  /// The name of [BreakerStates].
  public static final String BREAKERS = "breakers";

  /// The name of [RefusedCredentials].
  public static final String REFUSED_CREDENTIALS = "refused-credentials";

  /// The name of [KeyUses].
  public static final String KEY_USES = "key-uses";

  /// As the operator serves it: bytes that several gateways share.
  public static final MethodDescriptor<FromGateway, EncodedPush> CONNECT_TO_SEND =
      describe(new EncodedMarshaller());

  /// As a gateway calls it: what it cannot understand it can refuse by name.
  public static final MethodDescriptor<FromGateway, ReceivedPush> CONNECT_TO_RECEIVE =
      describe(new ReceivedMarshaller());

  private PushService() {}

  private static <T> MethodDescriptor<FromGateway, T> describe(
      MethodDescriptor.Marshaller<T> responses) {
    return MethodDescriptor.<FromGateway, T>newBuilder()
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Connect"))
        .setRequestMarshaller(new AnswerMarshaller())
        .setResponseMarshaller(responses)
        .build();
  }

  private static StatusRuntimeException unreadable(IOException e) {
    return Status.INVALID_ARGUMENT
        .withDescription(e.getMessage())
        .withCause(e)
        .asRuntimeException();
  }

  private record AnswerMarshaller() implements MethodDescriptor.Marshaller<FromGateway> {
    @Override
    public InputStream stream(FromGateway value) {
      return new ByteArrayInputStream(SnapshotCodec.encode(value));
    }

    @Override
    public FromGateway parse(InputStream stream) {
      try {
        return SnapshotCodec.decode(stream, FromGateway.class);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }

  private record EncodedMarshaller() implements MethodDescriptor.Marshaller<EncodedPush> {
    @Override
    public InputStream stream(EncodedPush value) {
      return new ByteArrayInputStream(value.bytes());
    }

    @Override
    public EncodedPush parse(InputStream stream) {
      throw new UnsupportedOperationException("the operator sends pushes, it receives none");
    }
  }

  private record ReceivedMarshaller() implements MethodDescriptor.Marshaller<ReceivedPush> {
    @Override
    public InputStream stream(ReceivedPush value) {
      throw new UnsupportedOperationException("a gateway receives pushes, it sends none");
    }

    @Override
    public ReceivedPush parse(InputStream stream) {
      try {
        return SnapshotCodec.decodePush(stream);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
