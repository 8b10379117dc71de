package ai.oneflow.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Hears of Secrets from the first one on, starts a turn for those that resources refer to, and
/// tells who cares of keys as soon as there is one. A cluster has many other Secrets, some of which
/// are written every few seconds. Safe for use by several threads.
final class SecretChanges implements Consumer<Secret> {
  private final Trigger trigger;
  private final AtomicReference<Consumer<Secret>> keys = new AtomicReference<>(_ -> {});
  private final ReentrantLock lock = new ReentrantLock();

  /// Empty until somebody looked.
  private Optional<Set<String>> referred = Optional.empty();

  /// Those that did not matter since resources were read last.
  private final Set<String> passedOver = new HashSet<>();

  SecretChanges(Trigger trigger) {
    this.trigger = trigger;
  }

  /// Whoever comes late has looked at all Secrets by itself before.
  void tell(Consumer<Secret> listener) {
    keys.set(listener);
  }

  @Override
  public void accept(Secret secret) {
    String id = secret.getMetadata().getNamespace() + "/" + secret.getMetadata().getName();
    locked(
        () -> {
          if (referred.isEmpty() || referred.get().contains(id)) {
            trigger.resourcesChanged();
          } else {
            passedOver.add(id);
          }
        });
    keys.get().accept(secret);
  }

  /// Resources are about to be read.
  void reading() {
    locked(passedOver::clear);
  }

  /// Resources were read and refer to these, `namespace/name`. One that changed meanwhile, and to
  /// which none referred before, may have been read as it was.
  void refer(Set<String> ids) {
    locked(
        () -> {
          referred = Optional.of(ids);
          if (!Collections.disjoint(passedOver, ids)) {
            trigger.resourcesChanged();
          }
        });
  }

  private void locked(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }
}
