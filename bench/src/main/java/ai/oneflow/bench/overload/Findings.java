package ai.oneflow.bench.overload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/// What a run came to, and what of it is not as it should be.
///
/// @param peak requests a second that were answered in time when all that could be was asked for
/// @param before half of it
/// @param during more than it
/// @param after half of it again
record Findings(double peak, List<Second> before, List<Second> during, List<Second> after) {
  private static final double LEAST_GOOD = 0.9;
  private static final double USUAL = 2;
  private static final double SLACK_MILLIS = 25;

  Findings {
    before = List.copyOf(before);
    during = List.copyOf(during);
    after = List.copyOf(after);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        "peak %.0f/s; overload: good %.0f/s (%.2f × peak), shed %.0f/s, late %.0f/s, failed %.0f/s,"
            + " unsent %.0f/s; p99 before %.1f ms, at most %.1f ms from the second second after;"
            + " resident %.0f MB before, at most %.0f MB",
        peak,
        goodput(),
        goodput() / peak,
        rate(during, Second.Counts::shed),
        rate(during, Second.Counts::late),
        rate(during, Second.Counts::failed),
        rate(during, Second.Counts::unsent),
        usualP99(),
        recoveredP99(),
        residentBefore(),
        residentAtMost());
  }

  /// One sentence for each thing.
  List<String> wrong(int maxGrowthMegabytes) {
    List<String> wrong = new ArrayList<>();
    if (goodput() < LEAST_GOOD * peak) {
      wrong.add("goodput under overload is below " + LEAST_GOOD + " of the peak");
    }
    if (rate(during, Second.Counts::shedWithoutDelay) > 0) {
      wrong.add("requests were shed without Retry-After");
    }
    if (residentAtMost() - residentBefore() > maxGrowthMegabytes) {
      wrong.add("resident memory grew by more than " + maxGrowthMegabytes + " MB");
    }
    if (recoveredP99() > USUAL * usualP99() + SLACK_MILLIS) {
      wrong.add("p99 is not as before a second after the overload's end");
    }
    if (recovered().stream().anyMatch(Findings::isImperfect)) {
      wrong.add("requests fail later than a second after the overload's end");
    }
    return wrong;
  }

  private static boolean isImperfect(Second second) {
    return second.counts().good() < second.counts().sent();
  }

  private double goodput() {
    return rate(during, Second.Counts::good);
  }

  /// Without the second in which the load's end falls.
  private List<Second> recovered() {
    return after.subList(Math.min(1, after.size()), after.size());
  }

  private double usualP99() {
    return before.stream().mapToDouble(Second::p99Millis).max().orElse(0);
  }

  private double recoveredP99() {
    return recovered().stream().mapToDouble(Second::p99Millis).max().orElse(0);
  }

  private double residentBefore() {
    return before.stream().mapToDouble(Second::residentMegabytes).max().orElse(0);
  }

  private double residentAtMost() {
    return during.stream().mapToDouble(Second::residentMegabytes).max().orElse(0);
  }

  private static double rate(List<Second> seconds, ToIntFunction<Second.Counts> of) {
    return seconds.stream().map(Second::counts).mapToInt(of).average().orElse(0);
  }
}
