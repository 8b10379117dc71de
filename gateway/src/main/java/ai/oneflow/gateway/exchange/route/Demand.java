package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;

/// What a request asks of a target, as far as the choice goes by it.
///
/// @param pinned what the caller chose
record Demand(Asked asked, Pin pinned) {
  /// As long an answer is reckoned with where the caller allows for more: the median of recorded
  /// answers is below it, and what candidates cost beside each other hardly depends on it.
  private static final long EXPECTED_OUTPUT_TOKENS = 500;

  private OpenAiRequest fields() {
    return asked.request().fields();
  }

  Needs needs() {
    return fields().needs();
  }

  /// Which decides the price.
  long startMillis() {
    return asked.startMillis();
  }

  boolean stream() {
    return fields().stream();
  }

  long inputTokens(CompiledTarget target) {
    return target.tokens().inputEstimate(fields().prompt());
  }

  long outputTokens(CompiledTarget target) {
    long bound = target.tokens().outputBound(asked.request().surface(), fields().output());
    return Math.min(bound, EXPECTED_OUTPUT_TOKENS);
  }

  /// Pico-dollars that it will cost, by estimate.
  double cost(CompiledTarget target) {
    return target.cost(inputTokens(target), outputTokens(target), startMillis());
  }
}
