package ai.oneflow.snapshot;

import java.util.Comparator;

/// Names one entry: the resource that it was built from. Ordered by kind, namespace, name.
public record EntryKey(Kind kind, String namespace, String name) implements Comparable<EntryKey> {
  private static final Comparator<EntryKey> ORDER =
      Comparator.comparing(EntryKey::kind)
          .thenComparing(EntryKey::namespace)
          .thenComparing(EntryKey::name);

  @Override
  public int compareTo(EntryKey other) {
    return ORDER.compare(this, other);
  }

  /// As a person writes it: `LLMProvider ai/openai`.
  @Override
  public String toString() {
    return kind.resourceKind() + " " + namespace + "/" + name;
  }
}
