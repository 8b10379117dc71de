package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.EventQueue.Waiting;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final EventQueue queue = new EventQueue(new Pace(3, SECOND), SECOND);

  private static Waiting event(String subject, String type, String message) {
    return new Waiting(
        subject, new EventBuilder().withType(type).withMessage(message).build(), () -> {});
  }

  private List<String> taken(Instant now) {
    List<String> taken = new ArrayList<>();
    Optional<Waiting> next = queue.take(now);
    while (next.isPresent()) {
      taken.add(next.get().event().getMessage());
      next = queue.take(now);
    }
    return taken;
  }

  @Test
  void warningsGoFirst() {
    queue.put(event("a", "Normal", "minted"));
    queue.put(event("b", "Warning", "refused"));

    assertThat(taken(NOW)).containsExactly("refused", "minted");
  }

  @Test
  void ofOneSubjectTheNewestIsWritten() {
    queue.put(event("a", "Warning", "first"));
    queue.put(event("b", "Warning", "other"));
    queue.put(event("a", "Warning", "second"));

    assertThat(taken(NOW)).containsExactly("second", "other");
    assertThat(queue.rest(NOW)).isEmpty();
  }

  @Test
  void noMoreAreTakenThanTheRateAllows() {
    for (int i = 0; i < 5; i++) {
      queue.put(event("s" + i, "Warning", "m" + i));
    }

    assertThat(taken(NOW)).containsExactly("m0", "m1", "m2");
    assertThat(queue.rest(NOW)).contains(SECOND);
    assertThat(taken(NOW.plus(SECOND))).containsExactly("m3");
  }

  @Test
  void noMoreAreKeptThanThereIsRoomFor() {
    for (int i = 0; i < EventQueue.MOST; i++) {
      assertThat(queue.put(event("s" + i, "Normal", "m"))).isTrue();
    }

    assertThat(queue.put(event("one more", "Normal", "m"))).isFalse();
    assertThat(queue.put(event("s0", "Normal", "newer"))).isTrue();
  }

  @Test
  void whatFailedComesAgainAfterPausesThatGrowUntilItIsGivenUp() {
    Instant now = NOW;
    queue.put(event("a", "Warning", "refused"));

    for (int failed = 1; failed < EventQueue.ATTEMPTS; failed++) {
      assertThat(queue.failed(queue.take(now).orElseThrow(), now)).isTrue();
      assertThat(queue.take(now)).isEmpty();
      Duration pause = queue.rest(now).orElseThrow();
      assertThat(pause).isEqualTo(SECOND.multipliedBy(1L << (failed - 1)));
      now = now.plus(pause);
    }

    assertThat(queue.failed(queue.take(now).orElseThrow(), now)).isFalse();
    assertThat(queue.rest(now)).isEmpty();
  }

  @Test
  void whatFailedMakesRoomForWhatIsNewer() {
    queue.put(event("a", "Warning", "first"));
    Waiting first = queue.take(NOW).orElseThrow();
    queue.put(event("a", "Warning", "second"));

    assertThat(queue.failed(first, NOW)).isTrue();
    assertThat(taken(NOW)).containsExactly("second");
  }
}
