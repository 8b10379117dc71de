package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.upstream.UpstreamFault;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.Locale;

/// What the head of a provider's answer promises.
public sealed interface Verdict {

  /// One JSON text: an answer, or a refusal that is the caller's to read.
  record Json(int status) implements Verdict {}

  /// A stream of events.
  record Events() implements Verdict {}

  /// No answer that a caller should see.
  record Failed(GatewayError error) implements Verdict {}

  /// Judges by status and content type. A provider's 401 and 403 speak of the gateway's key and not
  /// of the caller's, and may quote from it; they never pass.
  static Verdict of(HttpResponse head, ParsedRequest request) {
    int status = head.status().code();
    String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (status == 401 || status == 403 || status == 407) {
      return failed(
          ErrorCode.PROVIDER_AUTHENTICATION_FAILED,
          "The provider refuses the gateway's credential.");
    }
    if (head.status().codeClass() == HttpStatusClass.SERVER_ERROR) {
      return failed(ErrorCode.PROVIDER_ERROR, "The provider answered with status " + status + ".");
    }
    if (head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      return failed(
          ErrorCode.PROVIDER_INVALID_RESPONSE,
          "The provider compressed its answer, which it was not asked to do.");
    }
    boolean success = head.status().codeClass() == HttpStatusClass.SUCCESS;
    if (success && type.startsWith("text/event-stream") && request.fields().stream()) {
      return new Events();
    }
    boolean json =
        type.startsWith("application/json") || type.startsWith("application/problem+json");
    if (json && (success || head.status().codeClass() == HttpStatusClass.CLIENT_ERROR)) {
      return new Json(status);
    }
    return failed(
        ErrorCode.PROVIDER_INVALID_RESPONSE,
        "The provider answered with status " + status + " and something other than JSON.");
  }

  /// What a call that came to no end means to the caller.
  static GatewayError error(UpstreamFault fault) {
    ErrorCode code =
        switch (fault.kind()) {
          case NOT_CONNECTED, CLOSED -> ErrorCode.PROVIDER_UNAVAILABLE;
          case CONNECT_TIMEOUT -> ErrorCode.PROVIDER_TIMEOUT;
          case MALFORMED -> ErrorCode.PROVIDER_INVALID_RESPONSE;
        };
    return GatewayError.of(code, "The provider failed: " + fault.detail() + ".");
  }

  private static Verdict failed(ErrorCode code, String message) {
    return new Failed(GatewayError.of(code, message));
  }
}
