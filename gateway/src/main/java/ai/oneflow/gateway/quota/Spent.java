package ai.oneflow.gateway.quota;

/// What a request really used.
///
/// @param requests 1, or 0 where no provider was called
public record Spent(long requests, long tokens, long picoDollars) {
  /// The request came to nothing before a provider was called.
  public static final Spent NOTHING = new Spent(0, 0, 0);

  public Spent {
    if (requests < 0 || tokens < 0 || picoDollars < 0) {
      throw new IllegalArgumentException("what was spent must not be negative");
    }
  }

  /// How much of the limit's unit.
  public long of(Limit limit) {
    return switch (limit.unit()) {
      case REQUESTS -> requests;
      case TOKENS -> tokens;
      case CREDITS, PREPAID -> picoDollars;
      case CONCURRENT -> 0;
    };
  }
}
