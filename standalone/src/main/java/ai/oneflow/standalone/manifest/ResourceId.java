package ai.oneflow.standalone.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/// Names one resource of the folder.
public record ResourceId(String kind, String namespace, String name)
    implements Comparable<ResourceId> {
  private static final Comparator<ResourceId> ORDER =
      Comparator.comparing(ResourceId::kind)
          .thenComparing(ResourceId::namespace)
          .thenComparing(ResourceId::name);

  /// Whom a manifest names; without a namespace it is the one that `kubectl` takes.
  static ResourceId of(JsonNode content) {
    JsonNode metadata = content.path("metadata");
    String kind = content.path("kind").asText();
    String namespace = metadata.path("namespace").asText("");
    return new ResourceId(
        kind,
        kind.equals("Namespace") ? "" : namespace.isEmpty() ? "default" : namespace,
        metadata.path("name").asText());
  }

  @Override
  public int compareTo(ResourceId other) {
    return ORDER.compare(this, other);
  }

  /// As a person writes it: `LLMProvider ai/openai`.
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
