package ai.oneflow.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that runs until it is ended: killed, paused, and started again as often as wanted. Its
/// output goes to a file, of all its runs together. One thread at a time.
public final class Program implements AutoCloseable {
  private static final int SECONDS_TO_END = 15;

  private final List<String> command;
  private final Path output;
  private Process process;

  private Program(List<String> command, Path output) throws IOException {
    this.command = List.copyOf(command);
    this.output = output;
    this.process = launch();
  }

  /// @param output the file that standard output and error are appended to
  public static Program start(List<String> command, Path output) throws IOException {
    return new Program(command, output);
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .directory(Path.of("/").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// The one that runs now.
  public ProcessHandle process() {
    return process.toHandle();
  }

  /// All that it has said.
  public String output() {
    try {
      return Files.exists(output) ? Files.readString(output) : "";
    } catch (IOException e) {
      return "its output cannot be read: " + e;
    }
  }

  /// SIGKILL; it is gone when this returns.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// SIGTERM, and SIGKILL where that does not help in time; it is gone when this returns.
  public void end() {
    // The handle's, since Process.destroy closes the streams of a program that still writes.
    process.toHandle().destroy();
    process
        .onExit()
        .completeOnTimeout(process, SECONDS_TO_END, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .thenCompose(_ -> process.onExit())
        .join();
  }

  /// SIGSTOP: it keeps its connections and answers nothing.
  public void pause() {
    signal("STOP");
  }

  /// SIGCONT.
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.onExit().join().exitValue() != 0) {
        throw new IOException("SIG" + name + " could not be sent to " + process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts what has ended again, with the same arguments.
  public void startAgain() throws IOException {
    if (process.isAlive()) {
      throw new IllegalStateException("it still runs");
    }
    process = launch();
  }

  /// As [#end()], a paused program too.
  @Override
  public void close() {
    if (process.isAlive()) {
      resume();
    }
    end();
  }
}
