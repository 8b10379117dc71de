package ai.oneflow.gateway.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Understands a value of a closed list, in any case.
final class Choice {
  private Choice() {}

  /// @param option how the person calls it
  /// @throws IllegalArgumentException that names all there are
  static <E extends Enum<E>> E of(String option, E[] values, String text) {
    for (E value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    String all = Arrays.toString(values).toLowerCase(Locale.ROOT);
    throw new IllegalArgumentException(option + " takes one of " + all + ", not " + text);
  }

  /// Several, with commas between them.
  static <E extends Enum<E>> List<E> several(String option, E[] values, String text) {
    return Arrays.stream(text.split(",", -1))
        .map(each -> of(option, values, each.strip()))
        .toList();
  }
}
