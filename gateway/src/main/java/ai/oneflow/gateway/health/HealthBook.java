package ai.oneflow.gateway.health;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// All that this gateway has seen of its targets. It outlives changes of configuration: a target
/// that stays the same stays known.
public final class HealthBook {
  private final Map<Target, TargetHealth> targets = new ConcurrentHashMap<>();

  /// A model of a provider.
  ///
  /// @param provider `namespace/name`
  /// @param model as the provider calls it
  public record Target(String provider, String model) {}

  /// What is known of the target.
  ///
  /// @param latencyPrior what to expect where nothing is known yet
  public TargetHealth of(Target target, Duration latencyPrior) {
    return targets.computeIfAbsent(target, _ -> new TargetHealth(latencyPrior, System.nanoTime()));
  }

  /// Forgets all targets but these.
  public void keep(Collection<Target> served) {
    targets.keySet().retainAll(served);
  }
}
