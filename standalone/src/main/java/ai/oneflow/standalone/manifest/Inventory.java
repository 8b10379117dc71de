package ai.oneflow.standalone.manifest;

import java.util.List;
import java.util.NavigableMap;

/// What a look at the folder came to.
///
/// @param held the resources in force, also those whose newest manifest is refused
/// @param mistakes why some manifests are not taken, in order of the files
public record Inventory(NavigableMap<ResourceId, Held> held, List<Mistake> mistakes) {
  public Inventory {
    mistakes = List.copyOf(mistakes);
  }
}
