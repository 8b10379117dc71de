package ai.oneflow.tests.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// A command that has ended: what was run, how it ended and all that it said.
public record Completed(List<String> command, int exitCode, String stdout, String stderr) {

  public Completed {
    command = List.copyOf(command);
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  /// What the command printed, without the end of its last line. A command that failed fails the
  /// test, with the command's own words.
  public String output() {
    if (!succeeded()) {
      throw new AssertionError(
          "exit code %d of %s%n%s".formatted(exitCode, String.join(" ", command), stderr));
    }
    return stdout.stripTrailing();
  }

  /// Runs a command to its end. Blocks; an interrupt kills the command. Each line of its standard
  /// error is given to `onStderr` as it comes.
  public static Completed run(ProcessBuilder builder, String input, Consumer<String> onStderr) {
    try {
      Process process = builder.start();
      try {
        CompletableFuture<String> stderr = read(process.errorReader(), onStderr);
        CompletableFuture<String> stdout = read(process.inputReader(), _ -> {});
        Thread.startVirtualThread(() -> write(process, input));
        int exitCode = process.waitFor();
        return new Completed(builder.command(), exitCode, stdout.join(), stderr.join());
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /// Reads to the end on a thread of its own, for a process stands still when nobody reads what
  /// it says.
  static CompletableFuture<String> read(BufferedReader from, Consumer<String> onLine) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringJoiner all = new StringJoiner("\n");
          try (from) {
            from.lines().peek(onLine).forEach(all::add);
            return all.toString();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private static void write(Process process, String input) {
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    } catch (IOException _) {
      // The command ended without reading all of its input; its exit code says whether that was
      // wrong.
    }
  }
}
