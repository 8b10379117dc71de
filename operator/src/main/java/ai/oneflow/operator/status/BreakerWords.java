package ai.oneflow.operator.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/// What a person is told of breakers that opened.
public final class BreakerWords {
  private static final String REASON = "BreakerOpen";

  /// As many as one reads.
  private static final int MOST_NAMED = 5;

  private BreakerWords() {}

  /// The same words for the same models within a minute, so that a breaker that opens again and
  /// again is told once in that time.
  ///
  /// @param models at least one
  public static Announcer.Words of(List<String> models, Instant now) {
    String named = models.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = models.size() - MOST_NAMED;
    String message =
        (models.size() == 1 ? "model " : "models ")
            + named
            + (more > 0 ? " and " + more + " more" : "")
            + " failed and will be left alone for a while: a breaker opened in the minute that"
            + " began at "
            + now.truncatedTo(ChronoUnit.MINUTES);
    return new Announcer.Words(REASON, message);
  }
}
