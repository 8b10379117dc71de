package ai.oneflow.gateway.config;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A snapshot made ready for the request path. Immutable; an exchange keeps the one it began with.
///
/// @param routes by public model name
/// @param direct to one model of one provider, by `namespace/provider/model`
/// @param models the public names in alphabetical order
/// @param limits of requests of the past
public record CompiledConfiguration(
    SnapshotVersion version,
    GatewayEntry gateway,
    KeyTable keys,
    Map<EntryKey, CompiledProvider> providers,
    Map<String, CompiledRoute> routes,
    Map<String, CompiledRoute> direct,
    List<String> models,
    LimitBook limits) {

  /// Where a name leads that the key asks for: a public one, or else `provider/model` for a model
  /// of a provider in the key's own namespace, the only one that needs nobody's leave. What the key
  /// is permitted to ask for is another question.
  public Optional<CompiledRoute> route(CompiledKey key, String model) {
    CompiledRoute route = routes.get(model);
    if (route == null && model.indexOf('/') > 0) {
      route = direct.get(key.caller().keyNamespace() + "/" + model);
    }
    return Optional.ofNullable(route);
  }

  /// Every limit that the key's requests may fall under, whatever public name it asks for; each
  /// counter once.
  public List<Limit> limitsOf(CompiledKey key) {
    Map<String, Limit> byCounter = new LinkedHashMap<>();
    for (String model : models) {
      if (key.models().permit(model)) {
        for (CompiledTarget target : Objects.requireNonNull(routes.get(model)).targets()) {
          key.limits().of(target).forEach(limit -> byCounter.putIfAbsent(limit.counter(), limit));
        }
      }
    }
    return List.copyOf(byCounter.values());
  }
}
