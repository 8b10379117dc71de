package ai.oneflow.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells changes that matter to the configuration from those that do not, above all our own status
/// writes, which would otherwise make the loop run in circles.
final class Changes {
  private final Trigger trigger;
  private final Map<String, Long> generations = new ConcurrentHashMap<>();

  Changes(Trigger trigger) {
    this.trigger = trigger;
  }

  void note(HasMetadata resource, boolean deleted) {
    ObjectMeta meta = resource.getMetadata();
    Long former =
        deleted
            ? generations.remove(meta.getUid())
            : generations.put(meta.getUid(), meta.getGeneration());
    if (deleted || !meta.getGeneration().equals(former)) {
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
