package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Limits in the language of manifests: `"100/hour;1000/day"`, all in force together.
///
/// @param all at least one, each window once, the shortest window first
public record Limits(List<Limit> all) {
  /// What the schema demands: limits divided by `;` or `,`, with blanks wherever they help.
  public static final String PATTERN =
      "^ *[0-9]{1,15} */ *(second|minute|hour|day|week|month)s? *"
          + "([;,] *[0-9]{1,15} */ *(second|minute|hour|day|week|month)s? *)*$";

  /// What a person is told who writes something else.
  public static final String SENTENCE =
      "limits are written as in 100/hour;1000/day, with second, minute, hour, day, week or month";

  /// The rule, in CEL, that no window is there twice.
  public static final String ONCE_RULE =
      "!self.matches(r'second.*second|minute.*minute|hour.*hour|day.*day|week.*week|month.*month')";

  /// What a person is told who writes a window twice.
  public static final String ONCE_SENTENCE =
      "a window can be limited once only; leave the smaller of its limits, as in 100/hour;1000/day";

  /// No text of limits is longer.
  public static final int LONGEST = 200;

  /// No limit has more digits.
  static final int DIGITS = 15;

  public Limits {
    all = all.stream().sorted(Comparator.comparing(Limit::per)).toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("limits must name at least one, as in 100/hour");
    }
    Set<Per> windows = EnumSet.noneOf(Per.class);
    for (Limit limit : all) {
      if (!windows.add(limit.per)) {
        throw new IllegalArgumentException(ONCE_SENTENCE + ", not " + all);
      }
    }
  }

  /// Reads `100/hour; 1000 / days`.
  ///
  /// @throws IllegalArgumentException with a sentence for a person that points at the character
  @JsonCreator
  public static Limits parse(String text) {
    return new LimitsParser(text).parse();
  }

  /// What is wrong with a text and at which character; empty where nothing is.
  public static Optional<String> fault(String text) {
    try {
      parse(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The normal form: divided by `;`, without blanks, the shortest window first.
  @Override
  @JsonValue
  public String toString() {
    return all.stream().map(Limit::toString).collect(Collectors.joining(";"));
  }

  /// At most `amount` in any window of this length.
  ///
  /// @param amount 0 lets nothing through
  public record Limit(long amount, Per per) {
    public Limit {
      if (amount < 0 || Long.toString(amount).length() > DIGITS) {
        throw new IllegalArgumentException(
            "a limit must be a number of 1 to " + DIGITS + " digits, not " + amount);
      }
    }

    @Override
    public String toString() {
      return amount + "/" + per.word();
    }
  }

  /// The windows, the shortest first. A month is 30 days: the window slides and has no calendar.
  public enum Per {
    SECOND(Duration.ofSeconds(1)),
    MINUTE(Duration.ofMinutes(1)),
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1)),
    WEEK(Duration.ofDays(7)),
    MONTH(Duration.ofDays(30));

    private final Duration window;

    Per(Duration window) {
      this.window = window;
    }

    public Duration window() {
      return window;
    }

    /// As it is written, in the singular.
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
