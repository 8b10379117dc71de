package ai.oneflow.operator.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MadeKeyTest {
  private static final Instant MADE = Instant.parse("2026-05-01T00:00:00Z");
  private static final MintedKey KEY = MintedKey.mint(new Random(1));

  @Test
  void isToldOfForAWhile() {
    KeyHistory history = KeyHistory.begun(MADE, "");

    assertThat(MadeKey.recent(KEY, history, MADE.plus(MadeKey.RECENT).minusMillis(1)))
        .contains(MadeKey.of(KEY, history));
    assertThat(MadeKey.recent(KEY, history, MADE.plus(MadeKey.RECENT))).isEmpty();
  }

  @Test
  void saysWhenTheNewestOfThoseBeforeItEnds() {
    Instant end = MADE.plus(Duration.ofDays(7));
    KeyHistory rotated =
        new KeyHistory(
            MADE,
            "",
            List.of(
                new FormerKey("a".repeat(64), end),
                new FormerKey("b".repeat(64), end.minusSeconds(60))));

    assertThat(MadeKey.of(KEY, rotated).formerUntil()).contains(end);
    assertThat(MadeKey.of(KEY, KeyHistory.begun(MADE, "")).formerUntil()).isEmpty();
  }

  @Test
  void itsIdIsThatOfTheKeyAndCanBePartOfAName() {
    MadeKey one = MadeKey.of(KEY, KeyHistory.begun(MADE, ""));
    MadeKey later = MadeKey.of(KEY, KeyHistory.begun(MADE.plusSeconds(9), "x"));
    MadeKey other = MadeKey.of(MintedKey.mint(new Random(2)), KeyHistory.begun(MADE, ""));

    assertThat(one.id()).isEqualTo(later.id()).isNotEqualTo(other.id()).matches("[0-9a-f]{10}");
  }
}
