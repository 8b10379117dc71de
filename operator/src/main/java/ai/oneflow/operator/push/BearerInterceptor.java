package ai.oneflow.operator.push;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Refuses a call before its first message unless its bearer token is a gateway's.
final class BearerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  private final TokenReview review;

  BearerInterceptor(TokenReview review) {
    this.review = review;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return switch (admit(headers.get(AUTHORIZATION))) {
      case Caller.Admission.Granted(var caller) ->
          Contexts.interceptCall(
              Context.current().withValue(Caller.CURRENT, caller), call, headers, next);
      case Caller.Admission.Denied(var status) -> {
        call.close(status, new Metadata());
        yield new ServerCall.Listener<>() {};
      }
    };
  }

  private Caller.Admission admit(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return new Caller.Admission.Denied(
          Status.UNAUTHENTICATED.withDescription(
              "metadata authorization: Bearer <service-account token> is missing"));
    }
    return Caller.admit(authorization.substring(SCHEME.length()).strip(), review);
  }
}
