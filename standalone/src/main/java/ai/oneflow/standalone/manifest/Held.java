package ai.oneflow.standalone.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;

/// A resource that is in force.
///
/// @param manifest what it was read from
/// @param resource typed, its metadata completed as the API server does
public record Held(Manifest manifest, HasMetadata resource) {
  long generation() {
    return resource.getMetadata().getGeneration();
  }
}
