package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.dialect.Surface;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/// What a method and a path lead to.
public sealed interface Endpoint {
  /// Not `values()`, which copies.
  List<Surface> SURFACES = List.of(Surface.values());

  /// A model is to work.
  record Inference(Surface surface) implements Endpoint {}

  /// `GET /v1/models`.
  record ListModels() implements Endpoint {}

  /// `GET /v1/models/{id}`.
  record GetModel(String id) implements Endpoint {}

  /// `POST /v1/estimate`: a chat that is not to be held.
  record Estimate() implements Endpoint {}

  /// `GET /v1/usage`.
  record GetUsage() implements Endpoint {}

  /// The path is known, the method is not.
  record WrongMethod(String allowed) implements Endpoint {}

  /// Nothing is there.
  record Unknown() implements Endpoint {}

  /// Finds the endpoint of a request line; the query plays no part.
  static Endpoint of(HttpMethod method, String uri) {
    String path = path(uri);
    for (Surface surface : SURFACES) {
      if (path.startsWith("/v1")
          && path.length() == surface.path().length() + "/v1".length()
          && path.endsWith(surface.path())) {
        return method.equals(HttpMethod.POST) ? new Inference(surface) : new WrongMethod("POST");
      }
    }
    if (path.equals("/v1/models")) {
      return method.equals(HttpMethod.GET) ? new ListModels() : new WrongMethod("GET");
    }
    if (path.equals("/v1/estimate")) {
      return method.equals(HttpMethod.POST) ? new Estimate() : new WrongMethod("POST");
    }
    if (path.equals("/v1/usage")) {
      return method.equals(HttpMethod.GET) ? new GetUsage() : new WrongMethod("GET");
    }
    if (path.startsWith("/v1/models/") && path.length() > "/v1/models/".length()) {
      return method.equals(HttpMethod.GET) ? model(path) : new WrongMethod("GET");
    }
    return new Unknown();
  }

  /// The path of a target in origin form, or in absolute form, which names the same (RFC 9112,
  /// section 3.2.2).
  private static String path(String target) {
    int authority = target.startsWith("/") ? -1 : target.indexOf("://");
    int start = authority < 0 ? 0 : Math.max(0, target.indexOf('/', authority + "://".length()));
    int query = target.indexOf('?');
    return target.substring(start, query < start ? target.length() : query);
  }

  private static Endpoint model(String path) {
    try {
      return new GetModel(
          QueryStringDecoder.decodeComponent(
              path.substring("/v1/models/".length()).replace("+", "%2B")));
    } catch (IllegalArgumentException malformedEscape) {
      return new Unknown();
    }
  }
}
