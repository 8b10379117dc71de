package ai.oneflow.gateway.ledger.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The journal's folder: one process at a time, files in the order in which they were made.
final class JournalFolder implements AutoCloseable {
  static final String UNFINISHED = ".new";
  private static final String SEGMENT = ".journal";
  private static final String SET_ASIDE = ".unreadable";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockFile;
  private final long openedMillis;
  private final AtomicInteger made = new AtomicInteger();

  private JournalFolder(Path folder, FileChannel lockFile, long openedMillis) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.openedMillis = openedMillis;
  }

  static JournalFolder open(Path folder, long nowMillis) throws IOException {
    Files.createDirectories(folder);
    FileChannel lockFile =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(lockFile) == null) {
      lockFile.close();
      throw new IOException("another gateway uses the journal in " + folder.toAbsolutePath());
    }
    return new JournalFolder(folder, lockFile, nowMillis);
  }

  /// What earlier processes left, the oldest first. Files that were never finished are deleted.
  List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.sorted().toList();
      for (Path file : all) {
        if (file.toString().endsWith(UNFINISHED)) {
          Files.delete(file);
        }
      }
      return all.stream().filter(file -> file.toString().endsWith(SEGMENT)).toList();
    }
  }

  /// The name of the next file; any thread.
  Path nextFile() {
    String name = String.format(Locale.ROOT, "%013d-%06d", openedMillis, made.incrementAndGet());
    return folder.resolve(name + SEGMENT);
  }

  static void setAside(Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + SET_ASIDE);
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Brings the names of new files to the disk.
  void force() throws IOException {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }
}
