package ai.oneflow.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Hears of Secrets from the first one on, and tells who cares of keys as soon as there is one.
final class SecretChanges implements Consumer<Secret> {
  private final Trigger trigger;
  private final AtomicReference<Consumer<Secret>> keys = new AtomicReference<>(_ -> {});

  SecretChanges(Trigger trigger) {
    this.trigger = trigger;
  }

  /// Whoever comes late has looked at all Secrets by itself before.
  void tell(Consumer<Secret> listener) {
    keys.set(listener);
  }

  @Override
  public void accept(Secret secret) {
    trigger.resourcesChanged();
    keys.get().accept(secret);
  }
}
