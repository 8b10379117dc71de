package ai.oneflow.gateway.config;

import ai.oneflow.gateway.quota.Limit;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Counters of calendar periods, or of all time, that a configuration has and the one before it did
/// not have. What was used of them before is in the ledger alone. Immutable.
public final class NewLimits {
  private final Set<String> marks;

  /// @param marks see [Limit#mark()]
  NewLimits(Set<String> marks) {
    this.marks = Set.copyOf(marks);
  }

  /// Those that are named so.
  ///
  /// @param marks see [Limit#mark()]
  public static NewLimits of(Set<String> marks) {
    return new NewLimits(marks);
  }

  /// Whether the counter of this name is one of them.
  public boolean has(String counter) {
    return !marks.isEmpty() && marks.contains(Limit.mark(counter));
  }

  /// Without those of keys that never spent anything.
  ///
  /// @param spenders namespace and name of each key that did, a `/` between them
  public NewLimits ofSpenders(Set<String> spenders) {
    return new NewLimits(
        marks.stream().filter(mark -> mayHavePast(mark, spenders)).collect(Collectors.toSet()));
  }

  private static boolean mayHavePast(String mark, Set<String> spenders) {
    String[] parts = mark.split("\\|", 3);
    return !parts[0].equals("key") || spenders.contains(parts[1]);
  }

  public boolean isEmpty() {
    return marks.isEmpty();
  }

  /// These and those.
  public NewLimits and(NewLimits others) {
    Set<String> all = new HashSet<>(marks);
    all.addAll(others.marks);
    return new NewLimits(all);
  }
}
