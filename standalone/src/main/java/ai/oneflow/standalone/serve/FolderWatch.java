package ai.oneflow.standalone.serve;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Waits for changes in folders and, one level down, in the folders in them.
///
/// Editors write, rename and delete in quick succession, so it waits until that is over. Network
/// file systems and symbolic links tell of nothing, and a folder may be replaced as a whole; so it
/// also returns, change or not, after a while, and registers anew each time.
final class FolderWatch implements AutoCloseable {
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final int MOST_QUIET_WAITS = 10;

  private final WatchService watches;
  private final List<Path> folders;
  private final Duration longest;

  FolderWatch(List<Path> folders, Duration longest) throws IOException {
    this.watches = FileSystems.getDefault().newWatchService();
    this.folders = List.copyOf(folders);
    this.longest = longest;
    register();
  }

  /// Returns when something may have changed; false once this is closed.
  boolean await() throws InterruptedException {
    try {
      WatchKey key = watches.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
      for (int i = 0; key != null && i < MOST_QUIET_WAITS; i++) {
        drain(key);
        key = watches.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
      }
      drain(key);
      register();
      return true;
    } catch (ClosedWatchServiceException _) {
      return false;
    }
  }

  private static void drain(@Nullable WatchKey key) {
    if (key != null) {
      var _ = key.pollEvents();
      var _ = key.reset();
    }
  }

  /// What is registered already stays so.
  private void register() {
    folders.forEach(this::register);
    for (Path folder : folders) {
      try (Stream<Path> inner = Files.list(folder)) {
        inner.filter(Files::isDirectory).forEach(this::register);
      } catch (IOException _) {
        // Not there, or not now; the next look will tell.
      }
    }
  }

  private void register(Path folder) {
    try {
      var _ =
          folder.register(
              watches,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException _) {
      // As above: whoever reads the folder says so.
    }
  }

  @Override
  public void close() throws IOException {
    watches.close();
  }
}
