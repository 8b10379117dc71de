package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;

/// Usage, for tests.
final class Usages {
  private Usages() {}

  static Usage sum(Usage a, Usage b) {
    return new Usage(
        a.inputTokens() + b.inputTokens(),
        a.cachedInputTokens() + b.cachedInputTokens(),
        a.cacheWrite5mTokens() + b.cacheWrite5mTokens(),
        a.cacheWrite1hTokens() + b.cacheWrite1hTokens(),
        a.audioInputTokens() + b.audioInputTokens(),
        a.outputTokens() + b.outputTokens(),
        a.reasoningTokens() + b.reasoningTokens(),
        a.audioOutputTokens() + b.audioOutputTokens(),
        a.images() + b.images(),
        a.characters() + b.characters(),
        a.audioMillis() + b.audioMillis());
  }
}
