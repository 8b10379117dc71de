package ai.oneflow.standalone.serve;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Says each thing once, for as long as it holds. Confined to one thread.
final class Notices {
  private final Consumer<String> out;
  private Set<String> standing = new LinkedHashSet<>();
  private Set<String> noted = Set.of();

  Notices(Consumer<String> out) {
    this.out = out;
  }

  /// Something that happened.
  void happened(String words) {
    out.accept(words);
  }

  /// All that is wrong now; says what is new, and when nothing is left.
  void wrong(List<String> now) {
    Set<String> next = new LinkedHashSet<>(now);
    next.stream().filter(words -> !standing.contains(words)).forEach(out);
    if (next.isEmpty() && !standing.isEmpty()) {
      out.accept("all manifests are in force");
    }
    standing = next;
  }

  /// What is worth knowing and not wrong.
  void notes(List<String> now) {
    now.stream().filter(words -> !noted.contains(words)).forEach(out);
    noted = Set.copyOf(now);
  }
}
