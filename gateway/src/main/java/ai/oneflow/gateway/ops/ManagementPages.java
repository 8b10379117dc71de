package ai.oneflow.gateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.telemetry.Scrape;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;

/// What the management port answers to what. Errors are `application/problem+json` (RFC 9457).
final class ManagementPages {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private final Readiness readiness;
  private final Scrape scrape;

  ManagementPages(Readiness readiness, Scrape scrape) {
    this.readiness = readiness;
    this.scrape = scrape;
  }

  /// A whole answer.
  ///
  /// @param allow the methods that would do; empty unless another was tried
  @SuppressWarnings("ArrayRecordComponent") // written out, never compared
  record Page(HttpResponseStatus status, String contentType, byte[] body, String allow) {
    Page(HttpResponseStatus status, String contentType, byte[] body) {
      this(status, contentType, body, "");
    }
  }

  Page answer(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return problem(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
    }
    String path = path(request.uri());
    return switch (path) {
      case "/metrics", "/health", "/healthz", "/livez", "/ready", "/readyz" ->
          isRead(request.method()) ? known(path, request) : notAllowed("GET, HEAD");
      default ->
          problem(
              HttpResponseStatus.NOT_FOUND,
              "There are /metrics, /health, /ready, /healthz, /livez, /readyz, /usage and /credits"
                  + " here.");
    };
  }

  private Page known(String path, HttpRequest request) {
    return switch (path) {
      case "/metrics" -> metrics(request);
      case "/ready", "/readyz" -> readiness();
      default -> json("live");
    };
  }

  private Page metrics(HttpRequest request) {
    String accepted = request.headers().get(HttpHeaderNames.ACCEPT, "");
    String format =
        accepted.contains("application/openmetrics-text") ? Scrape.OPEN_METRICS : Scrape.TEXT;
    return new Page(HttpResponseStatus.OK, format, scrape.take(format));
  }

  private Page readiness() {
    return switch (readiness.standing()) {
      case Readiness.Standing.Ready() -> json("ready");
      case Readiness.Standing.Waiting(String reason) ->
          problem(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
      case Readiness.Standing.Draining() ->
          problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "draining: the gateway is shutting down");
    };
  }

  static Page problem(HttpResponseStatus status, String detail) {
    String body =
        """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s"}
        """
            .formatted(
                status.reasonPhrase(),
                status.code(),
                new String(JsonStringEncoder.getInstance().quoteAsString(detail)));
    return new Page(status, PROBLEM, body.getBytes(UTF_8));
  }

  /// @param methods that would do
  static Page notAllowed(String methods) {
    Page problem =
        problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "This path takes " + methods + ".");
    return new Page(problem.status, problem.contentType, problem.body, methods);
  }

  private static Page json(String status) {
    return new Page(
        HttpResponseStatus.OK, JSON, ("{\"status\":\"" + status + "\"}\n").getBytes(UTF_8));
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
