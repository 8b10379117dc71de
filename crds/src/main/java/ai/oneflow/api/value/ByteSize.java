package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as manifests write it: `10Mi`, `512Ki`, `1Gi`, or plain bytes.
///
/// @param bytes at least 1
public record ByteSize(long bytes) {
  /// What the schema demands.
  public static final String PATTERN = "^[1-9][0-9]{0,8}(Ki|Mi|Gi)?$";

  /// What a person is told who writes something else.
  public static final String SENTENCE =
      "a size is a whole number, alone or with Ki, Mi or Gi, as in 10Mi";

  private static final Pattern FORMAT = Pattern.compile("([1-9][0-9]{0,8})(Ki|Mi|Gi)?");

  public ByteSize {
    if (bytes < 1) {
      throw new IllegalArgumentException("a size must be at least 1 byte, not " + bytes);
    }
  }

  /// Reads `10Mi`.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  @JsonCreator
  public static ByteSize parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(SENTENCE + ", not '" + text + "'");
    }
    long amount = Long.parseLong(matcher.group(1));
    return new ByteSize(amount << shiftOf(matcher.group(2)));
  }

  private static int shiftOf(String unit) {
    return switch (unit) {
      case "Ki" -> 10;
      case "Mi" -> 20;
      case "Gi" -> 30;
      case null, default -> 0;
    };
  }

  /// The shortest text that reads back as this size.
  @Override
  @JsonValue
  public String toString() {
    for (String unit : new String[] {"Gi", "Mi", "Ki"}) {
      long one = 1L << shiftOf(unit);
      if (bytes % one == 0) {
        return bytes / one + unit;
      }
    }
    return Long.toString(bytes);
  }
}
