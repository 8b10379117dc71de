package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;

/// The most that a request may use, so that what is held for it is never less than what it costs.
///
/// @param tokens of input and output together
/// @param picoDollars at the dearest price that can apply to any of them
record UpperBound(long tokens, long picoDollars) {

  static UpperBound of(Admitter.Request request) {
    CompiledTarget target = request.chosen().target();
    ParsedRequest parsed = request.parsed();
    long input = target.tokens().inputBound(parsed.surface(), parsed.fields().prompt());
    long output = target.tokens().outputBound(parsed.surface(), parsed.fields().output());
    return new UpperBound(
        Math.addExact(input, output), target.ceiling(input, output, request.startMillis()));
  }
}
