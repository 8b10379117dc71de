package ai.oneflow.bench.compare;

import ai.oneflow.bench.compare.Measurement.Spent;
import ai.oneflow.bench.process.ProcessTree;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// A target with all its processes, and the Redis that they count in.
final class RunningTarget {
  private final Target target;
  private final List<TargetProcess> processes;
  private final Optional<RedisServer> redis;
  private final CountedRequests counted;

  /// @param processes one or more
  RunningTarget(Target target, List<TargetProcess> processes, Optional<RedisServer> redis) {
    this.target = target;
    this.processes = List.copyOf(processes);
    this.redis = redis;
    this.counted = CountedRequests.of(target, this);
  }

  Target target() {
    return target;
  }

  CountedRequests counted() {
    return counted;
  }

  /// The Redis that it counts in.
  ///
  /// @throws IllegalStateException if it has none
  RedisServer redis() {
    return redis.orElseThrow(() -> new IllegalStateException(target.name() + " has no Redis"));
  }

  /// That of the first process.
  int port() {
    return processes.getFirst().port();
  }

  /// How many processes requests are spread over.
  int size() {
    return processes.size();
  }

  /// Those of all processes, with commas between them.
  String ports() {
    return processes.stream()
        .map(process -> Integer.toString(process.port()))
        .collect(Collectors.joining(","));
  }

  /// The bearer token to send, which all processes know.
  String key() throws IOException {
    return processes.getFirst().key();
  }

  /// What it has spent since its start.
  Spent spent() {
    return new Spent(sum(ProcessTree::cpuMicros), sum(ProcessTree::residentKilobytes));
  }

  private long sum(ToLongFunction<ProcessTree> of) {
    return processes.stream().map(TargetProcess::processes).mapToLong(of).sum();
  }

  /// What its Redis has had to do since its start; nothing where it has none.
  RedisWork redisWork() throws IOException {
    return redis.isPresent() ? RedisWork.of(redis.get()) : RedisWork.NONE;
  }
}
