package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.upstream.UpstreamFault;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What the head of a provider's answer promises.
public sealed interface Verdict {
  /// When to come again where a provider does not say.
  Duration SHORTLY = Duration.ofSeconds(1);

  /// One JSON text: an answer, or a refusal that is the caller's to read.
  record Json(int status) implements Verdict {}

  /// A stream of events.
  record Events() implements Verdict {}

  /// A refusal that is the caller's to know of, but not to read: it may have been written by what
  /// stands before the provider.
  ///
  /// @param status 400 to 499, which is the caller's too
  record Refused(int status, GatewayError error) implements Verdict {}

  /// No answer that a caller should see.
  record Failed(GatewayError error) implements Verdict {}

  /// Judges by status and content type. A provider's 401, 402 and 403 speak of the gateway's
  /// account and not of the caller, and so does its 429; they may quote from it and never pass.
  ///
  /// @param nowMillis by which a date in `Retry-After` is read
  static Verdict of(HttpResponse head, ParsedRequest request, long nowMillis) {
    Optional<GatewayError> fault = fault(head, nowMillis);
    if (fault.isPresent()) {
      return new Failed(fault.get());
    }
    int status = head.status().code();
    boolean refused = head.status().codeClass() == HttpStatusClass.CLIENT_ERROR;
    String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    boolean success = head.status().codeClass() == HttpStatusClass.SUCCESS;
    if (success && type.startsWith("text/event-stream") && request.fields().stream()) {
      return new Events();
    }
    boolean json =
        type.startsWith("application/json") || type.startsWith("application/problem+json");
    if (json && (success || refused) && !isCompressed(head)) {
      return new Json(status);
    }
    if (refused) {
      return new Refused(
          status,
          GatewayError.of(
              ErrorCode.PROVIDER_REFUSED,
              "The provider refuses the request (status " + status + ") and does not say why."));
    }
    return new Failed(
        GatewayError.of(
            ErrorCode.PROVIDER_INVALID_RESPONSE,
            "The provider answered with status " + status + " and something other than JSON."));
  }

  private static Optional<GatewayError> fault(HttpResponse head, long nowMillis) {
    int status = head.status().code();
    if (status == 401 || status == 402 || status == 403 || status == 407) {
      return failed(
          ErrorCode.PROVIDER_AUTHENTICATION_FAILED,
          "The provider refuses the gateway's credential or its account (status " + status + ").");
    }
    if (status == 429) {
      return Optional.of(
          GatewayError.retryAfter(
              ErrorCode.PROVIDER_RATE_LIMITED,
              RetryAfter.of(head.headers(), nowMillis).orElse(SHORTLY),
              "The provider's own limit is used up (status 429)."));
    }
    if (status == 408 || head.status().codeClass() == HttpStatusClass.SERVER_ERROR) {
      String message = "The provider answered with status " + status + ".";
      return Optional.of(
          new GatewayError(
              ErrorCode.PROVIDER_ERROR, message, "", RetryAfter.of(head.headers(), nowMillis)));
    }
    if (isCompressed(head) && head.status().codeClass() != HttpStatusClass.CLIENT_ERROR) {
      return failed(
          ErrorCode.PROVIDER_INVALID_RESPONSE,
          "The provider compressed its answer, which it was not asked to do.");
    }
    return Optional.empty();
  }

  private static boolean isCompressed(HttpResponse head) {
    return head.headers().contains(HttpHeaderNames.CONTENT_ENCODING);
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

  private static Optional<GatewayError> failed(ErrorCode code, String message) {
    return Optional.of(GatewayError.of(code, message));
  }
}
