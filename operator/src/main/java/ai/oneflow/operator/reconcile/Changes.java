package ai.oneflow.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Tells changes that matter to the configuration from those that do not, above all our own status
/// writes, which would otherwise make the loop run in circles. What somebody else wrote over them
/// matters.
final class Changes {
  private final Trigger trigger;
  private final Predicate<CustomResource<?, ?>> overwritten;
  private final Map<String, Long> generations = new ConcurrentHashMap<>();

  /// @param overwritten whether a resource shows another status than the one that we wrote
  Changes(Trigger trigger, Predicate<CustomResource<?, ?>> overwritten) {
    this.trigger = trigger;
    this.overwritten = overwritten;
  }

  /// Whether an event says more than that a status of ours was written.
  boolean concern(CustomResource<?, ?> now, CustomResource<?, ?> before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || overwritten.test(now);
  }

  void note(CustomResource<?, ?> resource, boolean deleted) {
    ObjectMeta meta = resource.getMetadata();
    Long former =
        deleted
            ? generations.remove(meta.getUid())
            : generations.put(meta.getUid(), meta.getGeneration());
    if (deleted || !meta.getGeneration().equals(former) || overwritten.test(resource)) {
      trigger.resourcesChanged();
    }
  }

  /// What is known of a resource changed, and not the resource.
  void noteNews(boolean isNews) {
    if (isNews) {
      trigger.resourcesChanged();
    }
  }
}
