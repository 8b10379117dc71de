package ai.oneflow.standalone.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The judgement on some files, without putting any in force.
///
/// @param accepted how many resources are well formed
public record Review(int accepted, List<Mistake> mistakes) {
  public Review {
    mistakes = List.copyOf(mistakes);
  }

  /// Judges files, and the files of folders.
  public static Review of(List<Path> paths) {
    int accepted = 0;
    List<Mistake> mistakes = new ArrayList<>();
    for (Path path : paths) {
      Inventory inventory = new Register(new Folder(path)).look();
      accepted += inventory.held().size();
      mistakes.addAll(inventory.mistakes());
    }
    return new Review(accepted, mistakes);
  }
}
