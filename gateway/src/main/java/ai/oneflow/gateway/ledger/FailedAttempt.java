package ai.oneflow.gateway.ledger;

/// A call of a provider that came to nothing, so that another was made for the same request.
///
/// @param probablePicoDollars what the provider probably bills for it, by estimate; nobody is
///     charged it
public record FailedAttempt(Destination destination, Outcome outcome, long probablePicoDollars) {
  public FailedAttempt {
    if (probablePicoDollars < 0) {
      throw new IllegalArgumentException(
          "probablePicoDollars must not be negative: " + probablePicoDollars);
    }
  }
}
