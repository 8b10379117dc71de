package ai.oneflow.tests.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A command that has ended: what was run, how it ended and all that it said.
public record Completed(List<String> command, int exitCode, String stdout, String stderr) {

  private static final Executor VIRTUAL_THREADS = Thread::startVirtualThread;

  public Completed {
    command = List.copyOf(command);
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  /// What the command printed, without the last line's end; a failed command fails the test with its own words.
  public String output() {
    if (!succeeded()) {
      throw new AssertionError(
          "exit code %d of %s%n%s".formatted(exitCode, String.join(" ", command), stderr));
    }
    return stdout.stripTrailing();
  }

  /// Runs a command to its end. Blocks; an interrupt kills the command.
  ///
  /// @param input all of its standard input
  /// @param onStderr is given each line of its standard error as it comes
  static Completed run(ProcessBuilder builder, String input, Consumer<String> onStderr) {
    try {
      Process process = builder.start();
      CompletableFuture<String> stderr = readLines(process, onStderr);
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(() -> write(process, input), VIRTUAL_THREADS);
      try {
        String stdout = process.inputReader().readAllAsString();
        int exitCode = process.waitFor();
        written.join();
        return new Completed(builder.command(), exitCode, stdout, stderr.join());
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

  /// Reads a process's standard error to its end, in the background.
  static CompletableFuture<String> readLines(Process process, Consumer<String> onLine) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringBuilder all = new StringBuilder();
          try (BufferedReader stderr = process.errorReader()) {
            stderr
                .lines()
                .forEach(
                    line -> {
                      all.append(line).append('\n');
                      onLine.accept(line);
                    });
            return all.toString();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        VIRTUAL_THREADS);
  }

  private static void write(Process process, String input) {
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    } catch (IOException _) {
      // The command ended without reading all of its input; its exit code tells whether that was wrong.
    }
  }
}
