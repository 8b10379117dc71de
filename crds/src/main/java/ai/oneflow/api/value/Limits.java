package ai.oneflow.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Rate limits in the language of manifests: `"100/hour;1000/day"`, all in force together.
///
/// @param all at least one, in the order written
public record Limits(List<Limit> all) {
  /// What the schema demands: up to eight limits, divided by `;` or `,`.
  public static final String PATTERN =
      "^[0-9]{1,15}/(second|minute|hour|day|week|month)"
          + "([;,] ?[0-9]{1,15}/(second|minute|hour|day|week|month)){0,7}$";

  /// What a person is told who writes something else.
  public static final String SENTENCE =
      "limits are written as in 100/hour;1000/day, with second, minute, hour, day, week or month";

  private static final Pattern WHOLE = Pattern.compile(PATTERN);
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,15})/(second|minute|hour|day|week|month)");

  public Limits {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("limits must name at least one, as in 100/hour");
    }
  }

  /// Reads `100/hour;1000/day`.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  @JsonCreator
  public static Limits parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(SENTENCE + ", not '" + text + "'");
    }
    List<Limit> all = new ArrayList<>();
    Matcher part = PART.matcher(text);
    while (part.find()) {
      Per per = Per.valueOf(part.group(2).toUpperCase(Locale.ROOT));
      all.add(new Limit(Long.parseLong(part.group(1)), per));
    }
    return new Limits(all);
  }

  /// As a manifest writes it, divided by `;`.
  @Override
  @JsonValue
  public String toString() {
    return all.stream().map(Limit::toString).collect(Collectors.joining(";"));
  }

  /// At most `amount` in any window of this length.
  ///
  /// @param amount 0 lets nothing through
  public record Limit(long amount, Per per) {
    @Override
    public String toString() {
      return amount + "/" + per.name().toLowerCase(Locale.ROOT);
    }
  }

  /// The windows. A month is 30 days: the window slides and has no calendar.
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
  }
}
