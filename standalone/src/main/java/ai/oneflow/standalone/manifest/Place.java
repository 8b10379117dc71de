package ai.oneflow.standalone.manifest;

import java.nio.file.Path;

/// Where something stands, as editors and terminals understand it: `file:line`.
///
/// @param line the first is 1
public record Place(Path file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
