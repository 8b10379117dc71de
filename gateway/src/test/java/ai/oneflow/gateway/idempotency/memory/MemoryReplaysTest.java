package ai.oneflow.gateway.idempotency.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.idempotency.AnswerSeal;
import ai.oneflow.gateway.idempotency.Claim;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.ReplaysContract;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MemoryReplaysTest extends ReplaysContract {
  private static final int ANSWER_BYTES = 1_000;

  private Instant now = Instant.parse("2026-03-10T12:00:00Z");
  private final MemoryReplays replays =
      new MemoryReplays(() -> now, MemoryReplays.MOST_BYTES, told::add);

  @Override
  protected Replays replays() {
    return replays;
  }

  @Override
  protected void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  protected void settleDown() {}

  @Test
  void dropsTheOldestAnswersAndRefusesThoseWhoRepeatThem() {
    MemoryReplays small = small(3 * (ANSWER_BYTES + MemoryReplays.NAME_BYTES));

    for (int i = 0; i < 4; i++) {
      keep(small, i);
    }

    assertThat(small.bytes()).isLessThanOrEqualTo(3 * (ANSWER_BYTES + MemoryReplays.NAME_BYTES));
    assertThat(again(small, 0)).isEqualTo(new Claim.Concluded(new Conclusion.NotKept()));
    assertThat(again(small, 3))
        .isInstanceOfSatisfying(
            Claim.Concluded.class,
            it -> assertThat(it.conclusion()).isInstanceOf(Conclusion.Kept.class));
  }

  @Test
  void forgetsTheOldestNamesWhereNamesAloneTakeAll() {
    MemoryReplays small = small(10 * MemoryReplays.NAME_BYTES);

    for (int i = 0; i < 1_000; i++) {
      keep(small, i);
    }

    assertThat(small.bytes()).isLessThanOrEqualTo(10 * MemoryReplays.NAME_BYTES);
    assertThat(again(small, 999)).isEqualTo(new Claim.Concluded(new Conclusion.NotKept()));
    assertThat(again(small, 0)).isInstanceOf(Claim.First.class);
  }

  @Test
  void holdsNothingOfWhatItHasForgotten() {
    for (int i = 0; i < 10; i++) {
      keep(replays, i);
    }
    assertThat(replays.bytes()).isPositive();

    pass(Duration.ofMillis(Replays.KEPT_MILLIS));
    again(replays, 10);

    assertThat(replays.bytes()).isZero();
  }

  private MemoryReplays small(long bytes) {
    return new MemoryReplays(() -> now, bytes, told::add);
  }

  private static void keep(MemoryReplays replays, int name) {
    Claim.First first = (Claim.First) again(replays, name);
    first
        .turn()
        .conclude(new Conclusion.Kept(new StoredAnswer(200, Map.of(), new byte[ANSWER_BYTES])));
  }

  private static Claim again(MemoryReplays replays, int name) {
    return claim(
        replays, new Identity("n" + name, "body", new AnswerSeal(new byte[] {1}, "n" + name)));
  }
}
