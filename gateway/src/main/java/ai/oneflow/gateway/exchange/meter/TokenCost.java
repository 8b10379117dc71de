package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.snapshot.PriceList.TokenPrices;

/// Splits the tokens of a request into their parts and multiplies each by its own price.
///
/// Parts are taken as disjoint. Each one is cut to what the parts before it left of the whole, and
/// what no part claims costs the plain price, so no token is ever charged twice.
final class TokenCost {
  private TokenCost() {}

  /// @throws ArithmeticException where the sum does not fit 64 bits
  static long of(Usage usage, TokenPrices prices) {
    return Math.addExact(input(usage, prices), output(usage, prices));
  }

  /// Whether no part had to be cut.
  static boolean partsFit(Usage usage) {
    return inputPartsFit(usage) && outputPartsFit(usage);
  }

  private static long input(Usage usage, TokenPrices prices) {
    long rest = usage.inputTokens();
    long cached = Math.min(usage.cachedInputTokens(), rest);
    rest -= cached;
    long written5m = Math.min(usage.cacheWrite5mTokens(), rest);
    rest -= written5m;
    long written1h = Math.min(usage.cacheWrite1hTokens(), rest);
    rest -= written1h;
    long audio = Math.min(usage.audioInputTokens(), rest);
    rest -= audio;
    long sum = Math.multiplyExact(rest, prices.input());
    sum = Math.addExact(sum, Math.multiplyExact(cached, prices.cachedInput()));
    sum = Math.addExact(sum, Math.multiplyExact(written5m, prices.cacheWrite5m()));
    sum = Math.addExact(sum, Math.multiplyExact(written1h, prices.cacheWrite1h()));
    return Math.addExact(sum, Math.multiplyExact(audio, prices.audioInput()));
  }

  private static long output(Usage usage, TokenPrices prices) {
    long rest = usage.outputTokens();
    long reasoning = Math.min(usage.reasoningTokens(), rest);
    rest -= reasoning;
    long audio = Math.min(usage.audioOutputTokens(), rest);
    rest -= audio;
    long sum = Math.multiplyExact(rest, prices.output());
    sum = Math.addExact(sum, Math.multiplyExact(reasoning, prices.reasoning()));
    return Math.addExact(sum, Math.multiplyExact(audio, prices.audioOutput()));
  }

  /// Subtracts instead of adding the parts up, because a sum of absurd parts overflows.
  private static boolean inputPartsFit(Usage usage) {
    long rest = usage.inputTokens() - usage.cachedInputTokens();
    if (rest < usage.cacheWrite5mTokens()) {
      return false;
    }
    rest -= usage.cacheWrite5mTokens();
    if (rest < usage.cacheWrite1hTokens()) {
      return false;
    }
    return rest - usage.cacheWrite1hTokens() >= usage.audioInputTokens();
  }

  private static boolean outputPartsFit(Usage usage) {
    return usage.outputTokens() - usage.reasoningTokens() >= usage.audioOutputTokens();
  }
}
