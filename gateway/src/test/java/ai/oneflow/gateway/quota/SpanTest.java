package ai.oneflow.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Span.Bounds;
import ai.oneflow.gateway.quota.Span.Calendar;
import ai.oneflow.gateway.quota.Span.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class SpanTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void aDayIsAsLongAsItIsWhenClocksChange() {
    assertThat(length(Period.DAY, "2026-03-29T10:00:00Z")).isEqualTo(Duration.ofHours(23));
    assertThat(length(Period.DAY, "2026-10-25T10:00:00Z")).isEqualTo(Duration.ofHours(25));
    assertThat(length(Period.DAY, "2026-06-01T10:00:00Z")).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void aWeekBeginsOnMonday() {
    Bounds week = at(Period.WEEK, BERLIN, "2026-11-24T10:00:00Z");

    assertThat(Instant.ofEpochMilli(week.start())).isEqualTo("2026-11-22T23:00:00Z");
    assertThat(Instant.ofEpochMilli(week.end())).isEqualTo("2026-11-29T23:00:00Z");
  }

  @Test
  void aMonthAcrossAChangeOfClocksBeginsAndEndsAtMidnight() {
    Bounds month = at(Period.MONTH, BERLIN, "2026-10-31T22:59:59Z");

    assertThat(Instant.ofEpochMilli(month.start())).isEqualTo("2026-09-30T22:00:00Z");
    assertThat(Instant.ofEpochMilli(month.end())).isEqualTo("2026-10-31T23:00:00Z");
  }

  @Test
  void aDayWithoutMidnightBeginsWithItsFirstInstant() {
    Bounds day = at(Period.DAY, ZoneId.of("America/Santiago"), "2026-09-06T12:00:00Z");

    assertThat(Instant.ofEpochMilli(day.start())).isEqualTo("2026-09-06T04:00:00Z");
    assertThat(day.end() - day.start()).isEqualTo(Duration.ofHours(23).toMillis());
  }

  @Test
  void theLastInstantOfAPeriodIsNotTheFirstOfTheNext() {
    Bounds day = at(Period.DAY, BERLIN, "2026-11-24T22:59:59.999Z");

    assertThat(day.contains(Instant.parse("2026-11-24T22:59:59.999Z").toEpochMilli())).isTrue();
    assertThat(day.contains(Instant.parse("2026-11-24T23:00:00Z").toEpochMilli())).isFalse();
  }

  private static Duration length(Period period, String instant) {
    Bounds bounds = at(period, BERLIN, instant);
    return Duration.ofMillis(bounds.end() - bounds.start());
  }

  private static Bounds at(Period period, ZoneId zone, String instant) {
    return new Calendar(period, zone).at(Instant.parse(instant).toEpochMilli());
  }
}
