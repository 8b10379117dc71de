package ai.oneflow.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fills in what a manifest left out, for objects that did not pass through the schema.
final class Absent {
  private Absent() {}

  static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }

  static <T> List<T> orEmpty(@Nullable List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }
}
