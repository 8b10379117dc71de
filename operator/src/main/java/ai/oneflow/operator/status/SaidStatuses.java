package ai.oneflow.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What this operator last said of each resource, and whether that stands. The cache lags behind
/// what is written, so it is believed from the version on that our write made: what it shows then
/// and did not come of ours somebody else has written, a person or an operator that led before.
/// Safe for use by several threads.
final class SaidStatuses {
  private final Map<String, Own> own = new ConcurrentHashMap<>();

  /// @param status as it was said
  /// @param answer as the API server took it; null while that is not known
  /// @param version of the answer
  private record Own(Object status, @Nullable Object answer, long version) {
    boolean isOverwritten(CustomResource<?, ?> shown) {
      boolean isKnown = answer != null && version > 0 && versionOf(shown) >= version;
      Object now = shown.getStatus();
      return isKnown && !status.equals(now) && !Objects.equals(answer, now);
    }
  }

  /// Versions of one resource are numbers that grow.
  private static long versionOf(HasMetadata resource) {
    String version = resource.getMetadata().getResourceVersion();
    try {
      return version == null ? 0 : Long.parseLong(version);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /// A status is about to be written.
  void saying(String uid, Object status) {
    own.put(uid, new Own(status, null, 0));
  }

  /// It was, and this came of it.
  void answered(String uid, CustomResource<?, ?> answer) {
    Object taken = answer.getStatus();
    own.computeIfPresent(uid, (_, said) -> new Own(said.status, taken, versionOf(answer)));
  }

  /// What stands, as far as is known.
  @Nullable Object of(CustomResource<?, ?> shown) {
    Own said = own.get(shown.getMetadata().getUid());
    return said == null || said.isOverwritten(shown) ? shown.getStatus() : said.status;
  }

  /// Whether a resource shows another status than the one that was written.
  boolean isOverwritten(CustomResource<?, ?> shown) {
    Own said = own.get(shown.getMetadata().getUid());
    return said != null && said.isOverwritten(shown);
  }

  void retain(Set<String> uids) {
    own.keySet().retainAll(uids);
  }
}
