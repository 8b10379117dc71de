package ai.oneflow.bench.soak;

import ai.oneflow.bench.process.ProcessTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A process's resident memory over time, and its heap if it is a JVM of this user's.
final class ServerMemory {
  // A line for each generation, or one for the heap; what is indented or Metaspace is part of
  // neither.
  private static final Pattern HEAP_USED = Pattern.compile("(?m)^(?!Metaspace)\\S.* used (\\d+)K");

  private final ProcessHandle process;
  private final NavigableMap<Integer, Long> residentBySecond = new TreeMap<>();

  private ServerMemory(ProcessHandle process) {
    this.process = process;
  }

  static ServerMemory of(long pid) {
    return new ServerMemory(
        ProcessHandle.of(pid)
            .orElseThrow(() -> new IllegalArgumentException("--pid: no process " + pid)));
  }

  /// Resident and used heap, in megabytes, parted by a tab.
  String sample(int second) throws IOException {
    long resident = new ProcessTree(process).residentKilobytes();
    residentBySecond.put(second, resident);
    long heap = heapKilobytes();
    return String.format(Locale.ROOT, "%.1f\t%s", resident / 1024.0, heap == 0 ? "-" : heap / 1024);
  }

  /// From the first sample at or after `second` to the highest one behind it; 0 without two of
  /// them.
  double growthPercentAfter(int second) {
    NavigableMap<Integer, Long> settled = residentBySecond.tailMap(second, true);
    if (settled.size() < 2) {
      return 0;
    }
    long first = settled.firstEntry().getValue();
    long highest = settled.values().stream().mapToLong(Long::longValue).max().orElse(first);
    return 100.0 * (highest - first) / first;
  }

  private long heapKilobytes() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.heap_info")
            .redirectErrorStream(true)
            .start();
    String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return HEAP_USED
        .matcher(answer)
        .results()
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }
}
