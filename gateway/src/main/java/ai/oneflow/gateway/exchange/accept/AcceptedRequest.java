package ai.oneflow.gateway.exchange.accept;

import io.netty.handler.codec.http.HttpHeaders;

/// The head of a request that can be served.
///
/// @param id echoed in `X-Request-ID`
/// @param startMillis when its head had arrived, since 1970
/// @param startNanos the same moment by [System#nanoTime()]
public record AcceptedRequest(
    String id, Endpoint endpoint, HttpHeaders headers, long startMillis, long startNanos) {}
