package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.status.Told.Subject;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToldTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Subject REFS = new Subject("uid", "ResolvedRefs");

  private final Told told = new Told();

  @Test
  void whatLastsIsNewsOnceAndAgainAfterItWasOver() {
    assertThat(told.isNews(REFS, "no Secret", NOW)).isTrue();
    assertThat(told.isNews(REFS, "no Secret", NOW)).isFalse();

    told.over(REFS);

    assertThat(told.isNews(REFS, "no Secret", NOW)).isTrue();
  }

  @Test
  void otherWordsAreNews() {
    assertThat(told.isNews(REFS, "no Secret", NOW)).isTrue();
    assertThat(told.isNews(REFS, "no key in it", NOW)).isTrue();
    assertThat(told.isNews(REFS, "no Secret", NOW)).isTrue();
  }

  @Test
  void whatAnOperatorBeforeToldIsNoNews() {
    assertThat(told.isNew(REFS)).isTrue();
    told.known(REFS, "no Secret");

    assertThat(told.isNew(REFS)).isFalse();
    assertThat(told.isNews(REFS, "no Secret", NOW)).isFalse();
    assertThat(told.isNews(REFS, "no key in it", NOW)).isTrue();
  }

  @Test
  void whatHappensIsToldEachTimeUpToARate() {
    long first = IntStream.range(0, 100).filter(_ -> told.happens(REFS, NOW)).count();

    assertThat(first).isEqualTo(Told.AT_ONCE);
    assertThat(told.happens(REFS, NOW.plus(Told.EVERY))).isTrue();
    assertThat(told.happens(new Subject("uid", "Pruned"), NOW)).isTrue();
  }

  @Test
  void whatGoesBackAndForthIsToldUpToARate() {
    int news = 0;
    for (int i = 0; i < 100; i++) {
      news += told.isNews(REFS, "words " + i % 2, NOW) ? 1 : 0;
    }

    assertThat(news).isEqualTo(Told.AT_ONCE);
    // What was not told is news as soon as it may be.
    assertThat(told.isNews(REFS, "words 2", NOW.plus(Told.EVERY))).isTrue();
  }

  @Test
  void whatHasAnIdIsToldOnceUnlessNobodyHeard() {
    assertThat(told.once("uid", "a")).isTrue();
    assertThat(told.once("uid", "a")).isFalse();
    assertThat(told.once("other", "a")).isTrue();

    told.forget("uid", "a");

    assertThat(told.once("uid", "a")).isTrue();
  }

  @Test
  void resourcesThatAreGoneAreForgotten() {
    told.isNews(REFS, "no Secret", NOW);
    told.once("uid", "a");

    told.retain(List.of("other"));

    assertThat(told.isNew(REFS)).isTrue();
    assertThat(told.once("uid", "a")).isTrue();
  }
}
