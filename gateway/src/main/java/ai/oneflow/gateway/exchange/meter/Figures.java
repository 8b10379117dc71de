package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.UsageSource;

/// What a request used, and who says so. `docs/accounting.md` says which ending has which.
public record Figures(Usage usage, UsageSource source) {
  /// Nothing was produced for the caller.
  public static final Figures NONE = new Figures(Usage.NONE, UsageSource.NONE);

  public static Figures ofProvider(Usage usage) {
    return new Figures(usage, UsageSource.PROVIDER);
  }

  public static Figures estimated(long inputTokens, long outputTokens) {
    return new Figures(
        new Usage(inputTokens, 0, 0, 0, 0, outputTokens, 0, 0), UsageSource.ESTIMATED);
  }
}
