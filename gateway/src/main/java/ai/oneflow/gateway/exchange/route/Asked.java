package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import io.netty.handler.codec.http.HttpHeaders;

/// What is to be served, and for whom.
///
/// @param model its public name: the one in the body, or the cheaper one that a spent budget leads
///     to
/// @param headers the caller's
/// @param startMillis when the request began, which decides the price
public record Asked(
    CompiledKey key, ParsedRequest request, String model, HttpHeaders headers, long startMillis) {}
