package ai.oneflow.gateway.exchange.route;

import ai.oneflow.snapshot.RouteEntry.Strategy;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a caller asks for by header, in the place of what the policy would choose.
///
/// @param provider `namespace/name`, or the name alone; empty: any
/// @param strategy empty: the policy's
record Pin(String provider, Optional<Strategy> strategy) {
  static final Pin NONE = new Pin("", Optional.empty());

  boolean permits(String label) {
    return provider.isEmpty()
        || label.equals(provider)
        || (label.length() == label.indexOf('/') + 1 + provider.length()
            && label.endsWith(provider));
  }

  /// The strategy of that name, in any letters; empty where there is none.
  static Optional<Strategy> strategy(@Nullable String name) {
    return Arrays.stream(Strategy.values())
        .filter(strategy -> strategy.resourceValue().equalsIgnoreCase(name))
        .findFirst();
  }
}
