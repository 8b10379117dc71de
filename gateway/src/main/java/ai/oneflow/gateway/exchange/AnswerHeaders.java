package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.ResponseHeader;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;

/// The headers that tell a caller about its limits and its way.
final class AnswerHeaders {
  private static final int MILLIS = 1000;

  private AnswerHeaders() {}

  static HttpHeaders of(Optional<Standing> standing) {
    HttpHeaders headers = Downstream.headers();
    if (standing.isPresent()) {
      Standing limit = standing.get();
      headers.add(
          ResponseHeader.RATE_LIMIT_LIMIT.wireName(), Long.toString(limit.limit().amount()));
      headers.add(ResponseHeader.RATE_LIMIT_REMAINING.wireName(), Long.toString(limit.left()));
      headers.add(
          ResponseHeader.RATE_LIMIT_RESET.wireName(),
          Long.toString(Math.ceilDiv(limit.resetMillis(), MILLIS)));
    }
    return headers;
  }

  /// Of an answer that is given again.
  static HttpHeaders of(StoredAnswer answer) {
    HttpHeaders headers = Downstream.headers();
    answer.headers().forEach(headers::add);
    return headers.add(ResponseHeader.REPLAYED.wireName(), "true");
  }

  /// Where the request went.
  ///
  /// @param attempts how often a provider was called
  static void route(HttpHeaders headers, CompiledTarget target, Strategy strategy, int attempts) {
    headers.add(ResponseHeader.PROVIDER.wireName(), target.provider().label());
    headers.add(ResponseHeader.MODEL.wireName(), target.upstreamModel());
    headers.add(ResponseHeader.STRATEGY.wireName(), strategy.resourceValue());
    headers.add(ResponseHeader.ATTEMPTS.wireName(), Integer.toString(attempts));
  }

  /// That a budget is spent, where the request was sent to another model than the caller named.
  static void degraded(HttpHeaders headers, CompiledTarget target, String asked) {
    if (!target.publicModel().equals(asked)) {
      headers.add(ResponseHeader.DEGRADED_FROM.wireName(), asked);
    }
  }

  /// What of a provider's head is the caller's: how to read the body, and when to come again.
  static void provider(HttpHeaders headers, HttpResponse head) {
    copy(headers, head, HttpHeaderNames.CONTENT_TYPE);
    copy(headers, head, HttpHeaderNames.RETRY_AFTER);
  }

  private static void copy(HttpHeaders headers, HttpResponse head, CharSequence name) {
    String value = head.headers().get(name);
    if (value != null) {
      headers.add(name, value);
    }
  }
}
