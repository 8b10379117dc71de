package ai.oneflow.operator.resolve;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Marks a resource with a value that the API server took and this version cannot read, so that it
/// is judged like any other instead of stopping whoever reads it. The mark stays in this process.
public final class Unreadable {
  private static final String ANNOTATION = "oneflow.ai/unreadable";

  private Unreadable() {}

  /// @param why a sentence for a person
  public static void mark(HasMetadata resource, String why) {
    Map<String, String> own = resource.getMetadata().getAnnotations();
    Map<String, String> annotations = own == null ? new TreeMap<>() : new TreeMap<>(own);
    annotations.put(ANNOTATION, why);
    resource.getMetadata().setAnnotations(annotations);
  }

  static Optional<String> why(HasMetadata resource) {
    return Optional.ofNullable(resource.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(ANNOTATION));
  }
}
