package ai.oneflow.gateway.quota;

import java.util.List;

/// What a request wants to take: one request, and upper bounds of what it may use.
///
/// @param limits all that must have room for it, each counter at most once
public record Ask(List<Limit> limits, long tokens, long picoDollars) {
  public Ask {
    if (tokens < 0 || picoDollars < 0) {
      throw new IllegalArgumentException("bounds must not be negative");
    }
  }

  /// How much of the limit's unit is wanted.
  public long of(Limit limit) {
    return switch (limit.unit()) {
      case REQUESTS, CONCURRENT -> 1;
      case TOKENS -> tokens;
      case CREDITS, PREPAID -> picoDollars;
    };
  }
}
