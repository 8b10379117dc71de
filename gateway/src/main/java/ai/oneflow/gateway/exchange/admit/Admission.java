package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Standing;
import java.util.List;
import java.util.Optional;

/// Whether a request goes on. What is known of the caller's standing with its limits goes into the
/// answer's headers.
public sealed interface Admission {

  /// It goes on, and settles the hold when it has ended.
  ///
  /// @param standing of the tightest limit on requests
  /// @param shadowed limits in shadow that would have refused it
  record Granted(Hold hold, Optional<Standing> standing, List<Limit> shadowed)
      implements Admission {}

  /// A budget is spent that sends requests to a cheaper model then: ask anew with that model.
  ///
  /// @param model its public name
  /// @param otherwise what holds where the caller cannot have that model
  record Degraded(String model, Denied otherwise) implements Admission {}

  /// @param standing of the limit that refused it, if it is one on requests
  /// @param counter of the limit that refused it; empty where none did
  record Denied(GatewayError error, Optional<Standing> standing, String counter)
      implements Admission {

    /// Whether the same limit refuses this target too, or no target is served at all.
    public boolean bars(CompiledKey key, CompiledTarget target) {
      boolean prepaid = key.prepaid().map(Limit::counter).stream().anyMatch(counter::equals);
      return counter.isEmpty()
          || prepaid
          || key.limits().of(target).stream().anyMatch(limit -> limit.counter().equals(counter));
    }
  }
}
