package ai.oneflow.bench.compare;

import ai.oneflow.bench.process.ProcessTree;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Redis had to do for those who count in it.
///
/// @param cpuMicros of its process, user and system time
/// @param calls of scripts, which is all that a request can cause
record RedisWork(long cpuMicros, long calls) {
  static final RedisWork NONE = new RedisWork(0, 0);

  private static final Pattern SCRIPT_CALLS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");

  /// Since its start.
  static RedisWork of(RedisServer redis) throws IOException {
    return new RedisWork(
        new ProcessTree(redis.process()).cpuMicros(), calls(redis.ask("INFO", "commandstats")));
  }

  static long calls(String commandStatistics) {
    Matcher calls = SCRIPT_CALLS.matcher(commandStatistics);
    return calls.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
  }

  RedisWork since(RedisWork before) {
    return new RedisWork(cpuMicros - before.cpuMicros(), calls - before.calls());
  }
}
