package ai.oneflow.tests.faults;

import ai.oneflow.servers.Program;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// A program that is started again whenever it ends, as a kubelet does with a container, until this
/// is closed.
final class KeptAlive implements AutoCloseable {
  private final Program program;
  private final AtomicInteger ends = new AtomicInteger();
  private volatile boolean enough;
  private final Thread keeper = Thread.ofVirtual().unstarted(this::keep);

  private KeptAlive(Program program) {
    this.program = program;
  }

  /// @param program belongs to this from now on
  static KeptAlive of(Program program) {
    KeptAlive kept = new KeptAlive(program);
    kept.keeper.start();
    return kept;
  }

  private void keep() {
    while (true) {
      program.process().onExit().join();
      if (enough) {
        return;
      }
      ends.incrementAndGet();
      try {
        program.startAgain();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// SIGKILL.
  void kill() {
    program.process().destroyForcibly();
  }

  /// SIGKILL, and nobody starts it again.
  void killForGood() {
    enough = true;
    kill();
  }

  /// How often it has ended so far.
  int ends() {
    return ends.get();
  }

  @Override
  public void close() {
    enough = true;
    program.process().destroy();
    try {
      keeper.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    program.close();
  }
}
