package ai.oneflow.bench.overload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Keeps a JVM to one processor, but for its compilers: what they still have to do after a warm-up
/// of minutes would take half of that one for seconds at a time.
final class Pinned {
  private Pinned() {}

  /// Threads that are there now; those they start later stay on their processor.
  static void to(int processor, long pid) throws IOException, InterruptedException {
    List<Path> threads;
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      threads = all.toList();
    }
    for (Path thread : threads) {
      if (!Files.readString(thread.resolve("comm")).matches("(?s)C[12] Compil.*")) {
        pin(processor, thread.getFileName().toString());
      }
    }
  }

  private static void pin(int processor, String thread) throws IOException, InterruptedException {
    new ProcessBuilder("taskset", "-cp", Integer.toString(processor), thread)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
