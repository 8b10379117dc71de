package ai.oneflow.bench.compare;

import ai.oneflow.bench.compare.Measurement.Spent;
import ai.oneflow.bench.process.ProcessTree;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Measures every target under every load. All targets run from begin to end, and each load goes to
/// one after the other before the next load begins, so that what else happens on the machine meets
/// all of them alike; a target that is not asked takes no CPU.
final class Comparison {
  private static final Load WARM_UP = new Load(false, 32);
  private static final Load STREAM_WARM_UP = new Load(true, 8);

  private final RunningTarget mock;
  private final List<RunningTarget> targets;
  private final Wrk wrk;
  private final PrintStream progress;

  Comparison(RunningTarget mock, List<RunningTarget> targets, Wrk wrk, PrintStream progress) {
    this.mock = mock;
    this.targets = List.copyOf(targets);
    this.wrk = wrk;
    this.progress = progress;
  }

  void warmUp(int seconds) throws IOException, InterruptedException {
    for (RunningTarget target : targets) {
      progress.printf("warming up %s%n", target.target().name());
      wrk.run(target, WARM_UP, Math.max(1, seconds * 3 / 4));
      wrk.run(target, STREAM_WARM_UP, Math.max(1, seconds / 4));
    }
  }

  List<Measurement> measure(List<Load> loads, int seconds)
      throws IOException, InterruptedException {
    List<Measurement> measurements = new ArrayList<>();
    for (Load load : loads) {
      for (RunningTarget target : targets) {
        Measurement measurement = measure(target, load, seconds);
        progress.printf(
            "%-12s %-6s %4d connections %,10.0f requests/s %,d errors%n",
            measurement.target(),
            load.kind(),
            load.connections(),
            measurement.wrk().perSecond(),
            measurement.wrk().errors());
        measurements.add(measurement);
      }
    }
    return measurements;
  }

  private Measurement measure(RunningTarget target, Load load, int seconds)
      throws IOException, InterruptedException {
    long targetBefore = target.processes().cpuMicros();
    long mockBefore = mock.processes().cpuMicros();
    long wrkBefore = ProcessTree.endedChildrenCpuMicros();
    Wrk.Result result = wrk.run(target, load, seconds);
    return new Measurement(
        target.target().name(),
        load,
        result,
        spent(target, targetBefore),
        spent(mock, mockBefore),
        ProcessTree.endedChildrenCpuMicros() - wrkBefore);
  }

  private static Spent spent(RunningTarget target, long cpuBefore) {
    ProcessTree processes = target.processes();
    return new Spent(processes.cpuMicros() - cpuBefore, processes.residentKilobytes());
  }
}
