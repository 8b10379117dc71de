package ai.oneflow.gateway.config.push;

import ai.oneflow.snapshot.KeptSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots that an operator kept for gateways that start while it is away: the files of a folder,
/// each a part of one.
///
/// @param folder need not be there
public record KeptSnapshots(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSnapshots.class);

  /// Those that are complete, newest first.
  List<KeptSnapshot> complete() {
    List<byte[]> parts = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
        for (Path file : files) {
          parts.add(Files.readAllBytes(file));
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("kept snapshots in {} cannot be read: {}", folder, e.toString());
      }
    }
    return KeptSnapshot.complete(parts);
  }
}
