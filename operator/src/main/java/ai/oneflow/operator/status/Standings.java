package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.LLMProviderStatus;
import ai.oneflow.api.v1alpha1.LLMProviderStatus.Breaker;
import ai.oneflow.operator.push.Breakers;
import ai.oneflow.snapshot.BreakerStates.State;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the breakers of a provider's models stand, over all gateways that serve it. Pure.
///
/// @param models by name; one is missing while nobody knows
public record Standings(Map<String, Standing> models) {
  public Standings {
    models = Map.copyOf(models);
  }

  /// That of one model.
  ///
  /// @param breaker open where it is open on any gateway, else half open where it is so on any
  /// @param openGateways pods on which it is open
  public record Standing(Breaker breaker, int openGateways) {}

  /// As a status said.
  public static Standings saidBy(@Nullable LLMProviderStatus status) {
    Map<String, Standing> models = new HashMap<>();
    if (status != null) {
      for (LLMProviderStatus.ModelStatus model : status.models()) {
        if (model.breaker() != null) {
          int open = Objects.requireNonNullElse(model.openGateways(), 0);
          models.put(model.name(), new Standing(model.breaker(), open));
        }
      }
    }
    return new Standings(models);
  }

  /// As the pods that are connected say; empty where none of them has said anything.
  public static Standings of(ProviderEntry provider, List<Serving> serving) {
    List<Breakers> said =
        serving.stream()
            .flatMap(s -> s.instances().stream())
            .flatMap(instance -> instance.breakers().stream())
            .toList();
    Map<String, Standing> models = new HashMap<>();
    if (!said.isEmpty()) {
      for (ModelEntry model : provider.models()) {
        models.put(model.name(), standing(provider.key(), model.name(), said));
      }
    }
    return new Standings(models);
  }

  private static Standing standing(EntryKey provider, String model, List<Breakers> said) {
    List<State> states = said.stream().map(pod -> pod.of(provider, model)).toList();
    int open = (int) states.stream().filter(state -> state == State.OPEN).count();
    if (open > 0) {
      return new Standing(Breaker.OPEN, open);
    }
    return new Standing(states.contains(State.HALF_OPEN) ? Breaker.HALF_OPEN : Breaker.CLOSED, 0);
  }

  Optional<Standing> ofModel(String model) {
    return Optional.ofNullable(models.get(model));
  }

  /// Whether nothing is known.
  public boolean isEmpty() {
    return models.isEmpty();
  }

  /// Whether any is open.
  public boolean anyOpen() {
    return models.values().stream().anyMatch(standing -> standing.breaker() == Breaker.OPEN);
  }

  /// The models whose breaker has opened on a first gateway. One that only was probed in vain is
  /// none of them.
  public List<String> openedSince(Standings before) {
    return models.entrySet().stream()
        .filter(model -> model.getValue().breaker() == Breaker.OPEN)
        .map(Map.Entry::getKey)
        .filter(model -> before.ofModel(model).map(b -> b.breaker() == Breaker.CLOSED).orElse(true))
        .sorted()
        .toList();
  }
}
