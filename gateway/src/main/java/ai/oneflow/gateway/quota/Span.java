package ai.oneflow.gateway.quota;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/// The time that a limit speaks of.
public sealed interface Span {

  /// Any window of this length, wherever it lies.
  ///
  /// Time is counted in slots, [#SLOTS] a window. What was taken counts until the last instant of
  /// its slot has left the window: a window of the stated length never holds more than the limit,
  /// and the price is that something is forgotten up to a sixtieth of the window late; two
  /// sixtieths where a gateway took it out of a share (see [Quotas]).
  ///
  /// @param millis a second or more
  record Sliding(long millis) implements Span {
    /// Into how many slots a window is divided.
    public static final int SLOTS = 60;

    public Sliding {
      if (millis < Duration.ofSeconds(1).toMillis()) {
        throw new IllegalArgumentException("a window must last a second or more: " + millis);
      }
    }

    public long slotMillis() {
      return Math.ceilDiv(millis, SLOTS);
    }
  }

  /// Days, weeks (from Monday) or months of a time zone's calendar. Across a change of clocks a day
  /// is as long as it is.
  record Calendar(Period period, ZoneId zone) implements Span {

    /// When the period that holds this instant began, and when the next one begins, in milliseconds
    /// since 1970.
    public Bounds at(long millis) {
      ZonedDateTime day = Instant.ofEpochMilli(millis).atZone(zone).truncatedTo(ChronoUnit.DAYS);
      ZonedDateTime start =
          switch (period) {
            case DAY -> day;
            case WEEK ->
                day.toLocalDate()
                    .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                    .atStartOfDay(zone);
            case MONTH -> day.toLocalDate().withDayOfMonth(1).atStartOfDay(zone);
          };
      ZonedDateTime next =
          switch (period) {
            case DAY -> start.toLocalDate().plusDays(1).atStartOfDay(zone);
            case WEEK -> start.toLocalDate().plusWeeks(1).atStartOfDay(zone);
            case MONTH -> start.toLocalDate().plusMonths(1).atStartOfDay(zone);
          };
      return new Bounds(start.toInstant().toEpochMilli(), next.toInstant().toEpochMilli());
    }
  }

  /// For ever.
  record Whole() implements Span {}

  /// Milliseconds since 1970, from `start` up to but not including `end`.
  record Bounds(long start, long end) {
    public boolean contains(long millis) {
      return start <= millis && millis < end;
    }
  }

  /// How long a calendar period is.
  enum Period {
    DAY,
    WEEK,
    MONTH
  }
}
