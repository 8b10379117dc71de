package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Names a snapshot by its content: SHA-256 over its entries in order of their keys, 64 lower-case
/// hexadecimal digits. Two snapshots with the same entries have the same version, whoever built
/// them.
public record SnapshotVersion(@JsonValue String sha256) {
  @JsonCreator
  public SnapshotVersion {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a version must be 64 lower-case hexadecimal digits");
    }
  }

  /// Enough of it for a person: the first eight digits.
  public String abbreviated() {
    return sha256.substring(0, 8);
  }

  @Override
  public String toString() {
    return sha256;
  }
}
