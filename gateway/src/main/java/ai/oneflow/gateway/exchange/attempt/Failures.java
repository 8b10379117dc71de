package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.ledger.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The attempts of a request that have failed. Not thread-safe.
public final class Failures {
  private final List<Failure> all = new ArrayList<>(0);

  private record Failure(CompiledTarget target, GatewayError error) {
    @Override
    public String toString() {
      return target.provider().label() + " " + target.upstreamModel() + ": " + error.message();
    }
  }

  public void add(CompiledTarget target, GatewayError error) {
    all.add(new Failure(target, error));
  }

  /// How the ledger names the last one. A provider whose own limit is used up has refused.
  public Outcome outcome() {
    return all.getLast().error.code() == ErrorCode.PROVIDER_RATE_LIMITED
        ? Outcome.PROVIDER_REFUSED
        : Outcome.PROVIDER_FAILED;
  }

  /// What the caller is told where there was no answer: the last one's code, what happened at each
  /// attempt, and when the first of them may be asked again. At least one must have been added.
  public GatewayError error() {
    GatewayError last = all.getLast().error;
    if (all.size() == 1) {
      return last;
    }
    String list =
        IntStream.range(0, all.size())
            .mapToObj(i -> (i + 1) + ". " + all.get(i))
            .collect(Collectors.joining(" "));
    Optional<Duration> soonest =
        all.stream()
            .flatMap(failure -> failure.error.retryAfter().stream())
            .min(Comparator.naturalOrder());
    return new GatewayError(
        last.code(), "All " + all.size() + " attempts failed. " + list, "", soonest);
  }
}
