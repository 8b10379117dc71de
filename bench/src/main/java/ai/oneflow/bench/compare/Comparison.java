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
  private final List<String> doubts = new ArrayList<>();

  Comparison(RunningTarget mock, List<RunningTarget> targets, Wrk wrk, PrintStream progress) {
    this.mock = mock;
    this.targets = List.copyOf(targets);
    this.wrk = wrk;
    this.progress = progress;
  }

  /// With streams too where none are measured, since the JVM compiles for what it has seen.
  void warmUp(int seconds) throws IOException, InterruptedException {
    for (RunningTarget target : targets) {
      progress.printf("warming up %s%n", target.target().name());
      load(target, WARM_UP, Math.max(1, seconds * 3 / 4));
      load(target, STREAM_WARM_UP, Math.max(1, seconds / 4));
    }
  }

  List<Measurement> measure(List<Load> loads, int seconds)
      throws IOException, InterruptedException {
    List<Measurement> measurements = new ArrayList<>();
    for (Load load : loads) {
      for (RunningTarget target : taking(load)) {
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

  private List<RunningTarget> taking(Load load) {
    return targets.stream().filter(target -> target.target().takes(load)).toList();
  }

  private Measurement measure(RunningTarget target, Load load, int seconds)
      throws IOException, InterruptedException {
    Spent targetBefore = target.spent();
    Spent mockBefore = mock.spent();
    RedisWork redisBefore = target.redisWork();
    long wrkBefore = ProcessTree.endedChildrenCpuMicros();
    Wrk.Result result = wrk.run(target, load, seconds);
    Measurement measurement =
        new Measurement(
            target.target().name(),
            load,
            result,
            target.spent().since(targetBefore),
            mock.spent().since(mockBefore),
            target.redisWork().since(redisBefore),
            ProcessTree.endedChildrenCpuMicros() - wrkBefore);
    target.counted().doubt(result, load.connections()).ifPresent(doubts::add);
    if (target.counted().counts() && result.errors() > 0) {
      doubts.add(
          "%s has %,d errors at %d connections, and limits that should refuse nobody"
              .formatted(measurement.target(), result.errors(), load.connections()));
    }
    return measurement;
  }

  /// What is wrong with the measurements, for people; nothing if all is well.
  List<String> doubts() {
    return List.copyOf(doubts);
  }

  private void load(RunningTarget target, Load load, int seconds)
      throws IOException, InterruptedException {
    Wrk.Result result = wrk.run(target, load, seconds);
    target.counted().doubt(result, load.connections()).ifPresent(doubts::add);
  }
}
