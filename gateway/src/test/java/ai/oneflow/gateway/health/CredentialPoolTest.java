package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.health.CredentialPool.Census;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CredentialPoolTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long now = -5_000_000_000L;
  private final CredentialPool pool = pool("a", "b", "c");

  private CredentialPool pool(String... keys) {
    return new CredentialPool(Succession.Line.of(credentials(keys)), now);
  }

  private static List<Credential> credentials(String... keys) {
    return Stream.of(keys).<Credential>map(key -> new Credential.ApiKey(new Secret(key))).toList();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private List<Integer> taken(int times) {
    return IntStream.range(0, times).map(_ -> pool.take(now)).boxed().toList();
  }

  @Test
  void takesEachInTurn() {
    assertThat(taken(6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void takesTheOthersInTurnWhileOneIsPaused() {
    pool.pause(1, MINUTE, now);

    assertThat(taken(4)).containsExactly(0, 2, 0, 2);
    assertThat(pool.closedNanos(now)).isZero();
    assertThat(pool.census(now)).isEqualTo(new Census(2, 1, 0));

    pass(MINUTE);
    assertThat(taken(3)).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void isClosedUntilTheFirstPauseIsOver() {
    pool.pause(0, Duration.ofSeconds(3), now);
    pool.pause(1, Duration.ofSeconds(2), now);
    pool.pause(2, Duration.ofSeconds(9), now);

    assertThat(pool.take(now)).isEqualTo(-1);
    assertThat(pool.closedNanos(now)).isEqualTo(2_000_000_000L);

    pass(Duration.ofSeconds(2));
    assertThat(pool.take(now)).isEqualTo(1);
  }

  @Test
  void aLaterShorterPauseDoesNotShortenALongerOne() {
    pool.pause(0, MINUTE, now);
    pool.pause(0, Duration.ofSeconds(1), now);

    pass(Duration.ofSeconds(2));
    assertThat(taken(4)).doesNotContain(0);
  }

  @Test
  void aRefusedOneIsTriedAgainByOneRequest() {
    assertThat(pool.refused(1, MINUTE, now)).isTrue();
    assertThat(taken(4)).doesNotContain(1);
    assertThat(pool.census(now)).isEqualTo(new Census(2, 0, 1));

    pass(MINUTE.plusNanos(1));
    assertThat(taken(9)).containsOnlyOnce(1);

    pool.accepted(1);
    assertThat(taken(9).stream().filter(place -> place == 1)).hasSize(3);
    assertThat(pool.census(now)).isEqualTo(new Census(3, 0, 0));
  }

  @Test
  void aRefusedOneWhoseTrialIsNeverAnsweredIsTriedAgainLater() {
    pool.refused(1, MINUTE, now);
    pass(MINUTE.plusNanos(1));
    assertThat(taken(9)).containsOnlyOnce(1);
    pass(MINUTE.plusNanos(1));

    assertThat(taken(9)).containsOnlyOnce(1);
  }

  @Test
  void theLastOneIsNeverTakenOut() {
    assertThat(pool.refused(0, MINUTE, now)).isTrue();
    assertThat(pool.refused(1, MINUTE, now)).isTrue();
    assertThat(pool.refused(2, MINUTE, now)).isFalse();

    assertThat(pool.isRefused(2)).isFalse();
    assertThat(taken(3)).containsOnly(2);
  }

  @Test
  void oneWhoseLimitIsUsedUpIsLeftForLater() {
    pool.pause(1, Duration.ofSeconds(1), now);
    pool.pause(2, Duration.ofSeconds(2), now);

    assertThat(pool.refused(0, MINUTE, now)).isTrue();
    assertThat(pool.closedNanos(now)).isEqualTo(1_000_000_000L);
  }

  @Test
  void aSingleOneIsPausedAndNeverRefused() {
    CredentialPool single = pool("a");
    assertThat(single.take(now)).isZero();
    assertThat(single.refused(0, MINUTE, now)).isFalse();
    assertThat(single.take(now)).isZero();

    single.pause(0, MINUTE, now);
    assertThat(single.take(now)).isEqualTo(-1);
  }

  @Test
  void whatIsKnownOfACredentialOutlivesAChangeOfOthers() {
    pool.refused(0, MINUTE, now);
    pool.pause(2, MINUTE, now);

    CredentialPool changed =
        pool.changedTo(pool.line().changedTo(credentials("new", "c", "a"), now), now);

    assertThat(changed.isRefused(0)).isFalse();
    assertThat(changed.isRefused(2)).isTrue();
    assertThat(changed.census(now)).isEqualTo(new Census(1, 1, 1));
  }

  @Test
  void manyThreadsFindARefusedOneOnceAndUseAllOthersAlike() throws InterruptedException {
    pool.refused(1, MINUTE, now);
    pass(MINUTE.plusNanos(1));
    AtomicIntegerArray counts = new AtomicIntegerArray(3);
    CountDownLatch begin = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        threads.submit(
            () -> {
              begin.await();
              for (int take = 0; take < 1_000; take++) {
                counts.incrementAndGet(pool.take(now));
              }
              return null;
            });
      }
      begin.countDown();
    }

    assertThat(counts.get(1)).isEqualTo(1);
    assertThat(counts.get(0)).isBetween(3_900, 4_100);
    assertThat(counts.get(0) + counts.get(2)).isEqualTo(7_999);
  }
}
