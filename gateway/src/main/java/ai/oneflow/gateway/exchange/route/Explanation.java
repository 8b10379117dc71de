package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RouteEntry;
import java.util.List;

/// A decision with all that led to it.
///
/// @param decision what would become of the request
/// @param candidates the best first; those beyond the policy's fallbacks too
public record Explanation(Decision decision, List<Scored> candidates, List<Rejected> rejected) {

  /// What would become of a request.
  public sealed interface Decision {

    /// @param fallbacks how many of the candidates would be called after the first at most
    record Served(RouteEntry.Strategy strategy, int fallbacks) implements Decision {}

    record Refused(GatewayError error) implements Decision {}
  }

  /// A target that can serve the request.
  ///
  /// @param score what the order goes by, the greatest first
  /// @param parts what a score is the weighted sum of
  /// @param inputTokens of the prompt, by estimate
  /// @param outputTokens of the answer that is reckoned with
  /// @param picoDollars what that costs; 0 where there is no price
  /// @param latencyMillis until the first piece of a stream or the whole of an answer, by
  ///     measurement or declaration
  /// @param quality declared, 0 to 100
  /// @param availability the part of the calls that were answered lately, 0 to 1
  public record Scored(
      CompiledTarget target,
      double score,
      Parts parts,
      long inputTokens,
      long outputTokens,
      double picoDollars,
      double latencyMillis,
      int quality,
      double availability) {}

  /// How a target compares with the other candidates: 1 is the best of them, 0 the worst.
  public record Parts(double cost, double latency, double quality) {}

  /// A target that cannot.
  public record Rejected(CompiledTarget target, Rejection why) {
    @Override
    public String toString() {
      return target.provider().label() + " " + target.upstreamModel() + ": " + why.meaning();
    }
  }
}
