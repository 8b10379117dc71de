package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.KeyUses.Use;
import ai.oneflow.snapshot.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UseReportsTest {
  private static final long MAY = Instant.parse("2026-05-01T00:00:00Z").toEpochMilli();
  private static final long MINUTE = 60_000;

  private final UseReports reports = new UseReports();

  private static EntryKey key(String name) {
    return new EntryKey(Kind.API_KEY, "ai", name);
  }

  private static Use use(String name, long millis) {
    return new Use("ai", name, Instant.ofEpochMilli(millis));
  }

  private List<Use> said() {
    return reports.take().map(KeyUses::keys).orElse(List.of());
  }

  @Test
  void aKeyIsToldOnceAMinuteAtMostWithItsLastUse() {
    reports.used(key("search"), MAY);
    assertThat(said()).containsExactly(use("search", MAY));
    reports.used(key("search"), MAY + 1_000);
    reports.used(key("search"), MAY + MINUTE - 1);
    assertThat(said()).isEmpty();

    reports.used(key("search"), MAY + MINUTE);
    reports.used(key("search"), MAY + MINUTE + 1_000);
    reports.used(key("other"), MAY + 5);

    assertThat(said())
        .containsExactlyInAnyOrder(use("search", MAY + MINUTE + 1_000), use("other", MAY + 5));
    assertThat(said()).isEmpty();
  }

  @Test
  void aNewConnectionIsToldAll() {
    reports.used(key("search"), MAY);
    assertThat(said()).hasSize(1);

    reports.connected();

    assertThat(said()).containsExactly(use("search", MAY));
  }

  @Test
  void moreThanFitIntoAMessageAreToldInTheNextRounds() {
    for (int i = 0; i < 2_500; i++) {
      reports.used(key("key-" + i), MAY);
    }

    assertThat(List.of(said().size(), said().size(), said().size(), said().size()))
        .containsExactly(1_000, 1_000, 500, 0);
  }

  @Test
  void aClockThatWasPutBackIsNoUse() {
    reports.used(key("search"), MAY);
    reports.used(key("search"), MAY - MINUTE);

    assertThat(said()).containsExactly(use("search", MAY));
  }
}
