package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RecountTest {
  private static final long NOW = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();
  private static final String TWICE_THE_LARGEST = "18446744073709551614";
  private static final Limit TOTAL =
      Limit.hard("total", "key a/b", Unit.CREDITS, new Span.Whole(), 1_000);
  private static final Limit HOUR =
      Limit.hard("hour", "key a/b", Unit.CREDITS, new Span.Sliding(3_600_000), 1_000);

  private final Recount recount = new Recount(NOW);

  @Test
  void keepsApartWhatIsUsedAndWhatIsHeldHoweverMuchThatIs() {
    recount.used(TOTAL, NOW, 600);
    held("0:total|0", TWICE_THE_LARGEST);
    held("0:total|0", "5");

    assertThat(fields("0:total"))
        .containsEntry("u", "18446744073709552219")
        .containsEntry("h", "18446744073709551619");
  }

  @Test
  void sumsUpAWindowHoweverMuchItHolds() {
    long slot = NOW / 60_000;
    recount.used(HOUR, NOW, 600);
    held("60000:hour|" + slot, TWICE_THE_LARGEST);
    held("60000:hour|" + (slot - 1), "5");

    assertThat(fields("60000:hour"))
        .containsEntry("s", "18446744073709552219")
        .containsEntry(String.valueOf(slot % 62), "18446744073709552214")
        .containsEntry(String.valueOf((slot - 1) % 62), "5");
  }

  @Test
  void holdsNothingOfAPeriodThatIsOver() {
    held("0:day|1000", "7");
    held("0:day|2000", "5");
    held("0:week|2000", "5");
    held("0:week|1000", "7");

    assertThat(fields("0:day")).containsEntry("b", "2000").containsEntry("u", "5");
    assertThat(fields("0:day")).containsEntry("h", "5");
    assertThat(fields("0:week")).containsEntry("b", "2000").containsEntry("u", "5");
    assertThat(fields("0:week")).containsEntry("h", "5");
  }

  private Map<String, String> fields(String counter) {
    return Objects.requireNonNull(recount.counters().get(counter)).fields();
  }

  private void held(String field, String amount) {
    recount.held(Booking.read(field, amount.getBytes(StandardCharsets.US_ASCII)).orElseThrow());
  }
}
