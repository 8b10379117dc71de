package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Limit;
import java.util.List;

/// The most that a request may use, so that what is held for it is never less than what it costs.
///
/// @param tokens of input and output together
/// @param picoDollars at the dearest price that can apply to any of them
record UpperBound(long tokens, long picoDollars) {

  static UpperBound of(Admitter.Request request) {
    return of(request, request.parsed().fields().prompt());
  }

  /// @param prompt the size of the request's, by bytes or by what a tokenizer counted of it
  static UpperBound of(Admitter.Request request, PromptSize prompt) {
    CompiledTarget target = request.target();
    ParsedRequest parsed = request.parsed();
    long input = target.tokens().inputBound(parsed.surface(), prompt);
    long output = target.tokens().outputBound(parsed.surface(), parsed.fields().output());
    return new UpperBound(
        Math.addExact(input, output), target.ceiling(input, output, request.startMillis()));
  }

  /// Asks these limits for it.
  Ask ask(List<Limit> limits) {
    return new Ask(limits, tokens, picoDollars);
  }
}
