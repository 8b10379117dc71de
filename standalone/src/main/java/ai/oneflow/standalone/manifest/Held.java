package ai.oneflow.standalone.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;

/// A resource that is in force.
///
/// @param document what it was read from
/// @param resource typed, its metadata completed as the API server does
public record Held(YamlDocument document, HasMetadata resource) {
  long generation() {
    return resource.getMetadata().getGeneration();
  }
}
