package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;

/// What a request asks of a target, as far as the choice goes by it. Its parts are looked up once,
/// since each candidate is held against them.
///
/// @param pinned what the caller chose
/// @param startMillis which decides the price
record Demand(
    Asked asked,
    Pin pinned,
    Needs needs,
    PromptSize prompt,
    OutputCap output,
    boolean stream,
    long startMillis) {
  /// As long an answer is reckoned with where the caller allows for more: the median of recorded
  /// answers is below it, and what candidates cost beside each other hardly depends on it.
  private static final long EXPECTED_OUTPUT_TOKENS = 500;

  static Demand of(Asked asked, Pin pinned) {
    OpenAiRequest fields = asked.request().fields();
    return new Demand(
        asked,
        pinned,
        fields.needs(),
        fields.prompt(),
        fields.output(),
        fields.stream(),
        asked.startMillis());
  }

  long inputTokens(CompiledTarget target) {
    return target.tokens().inputEstimate(prompt);
  }

  long outputTokens(CompiledTarget target) {
    long bound = target.tokens().outputBound(asked.request().surface(), output);
    return Math.min(bound, EXPECTED_OUTPUT_TOKENS);
  }

  /// Pico-dollars that it will cost, by estimate.
  double cost(CompiledTarget target) {
    return target.cost(inputTokens(target), outputTokens(target), startMillis);
  }
}
