package ai.oneflow.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/// A process and its descendants, as `/proc` tells of them: all threads, user and system time.
public record ProcessTree(ProcessHandle root) {
  /// Linux counts in hundredths of a second towards user space (USER_HZ), whatever the kernel's own
  /// tick.
  private static final long MICROS_A_TICK = 10_000;

  // Fields of /proc/<pid>/stat behind the command, which is in brackets and may hold anything.
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  // Fields of the first line of /proc/stat.
  private static final int IDLE = 4;
  private static final int IO_WAIT = 5;
  private static final int STEAL = 8;

  public long cpuMicros() {
    return sum(pid -> ticks(pid, USER, SYSTEM)) * MICROS_A_TICK;
  }

  public long residentKilobytes() {
    return sum(pid -> status(pid, "VmRSS:"));
  }

  /// CPU time of children that have ended and were waited for.
  public static long endedChildrenCpuMicros() {
    long self = ProcessHandle.current().pid();
    return ticks(self, CHILDREN_USER, CHILDREN_SYSTEM) * MICROS_A_TICK;
  }

  /// What all processors did together, and what a hypervisor took of them.
  public static long machineMicros() {
    String[] all = lines("stat").getFirst().split(" +", -1);
    long ticks = 0;
    for (int field = 1; field <= STEAL; field++) {
      ticks += field == IDLE || field == IO_WAIT ? 0 : Long.parseLong(all[field]);
    }
    return ticks * MICROS_A_TICK;
  }

  private long sum(LongUnaryOperator ofProcess) {
    return Stream.concat(Stream.of(root), root.descendants())
        .mapToLong(process -> ofProcess.applyAsLong(process.pid()))
        .sum();
  }

  private static long ticks(long pid, int first, int second) {
    String stat = String.join("", lines(pid, "stat"));
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[first]) + Long.parseLong(fields[second]);
  }

  private static long status(long pid, String field) {
    return lines(pid, "status").stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  private static List<String> lines(long pid, String file) {
    return lines(pid + "/" + file);
  }

  /// Nothing where the process has ended.
  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of("/proc", file));
    } catch (IOException e) {
      // No such file; or, if it ends while the file is read, no such process.
      return List.of();
    }
  }
}
