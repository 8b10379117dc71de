package ai.oneflow.gateway.ops;

import java.time.Instant;
import picocli.CommandLine.Option;

/// The options of a command that say which time it is about.
final class PeriodArguments {
  @Option(
      names = "--since",
      defaultValue = "",
      description = "The first moment that counts: 2026-01-31, 2026-01-31T12:00:00Z, 24h, 7d.")
  private String since = "";

  @Option(names = "--until", defaultValue = "", description = "The first that counts no more.")
  private String until = "";

  @Option(
      names = "--time-zone",
      defaultValue = "",
      description = "Whose days are meant, such as Europe/Berlin; UTC if not given.")
  private String zone = "";

  /// What they say.
  ///
  /// @throws IllegalArgumentException that says what to write instead
  Period period(Instant now) {
    return Period.parse(since, until, zone, now);
  }
}
