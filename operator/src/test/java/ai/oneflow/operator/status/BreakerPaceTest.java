package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerPaceTest {
  private final List<Runnable> due = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private long nanos = 7;
  private int rounds;
  private final BreakerPace pace =
      new BreakerPace(
          () -> rounds++,
          () -> nanos,
          (delay, then) -> {
            delays.add(Duration.ofNanos(delay));
            due.add(then);
          },
          () -> {});

  @Test
  void theFirstChangeIsShownAtOnceAndWhatFollowsTogether() {
    pace.changed();
    assertThat(delays).containsExactly(Duration.ZERO);
    run();

    pass(Duration.ofSeconds(2));
    pace.changed();
    pace.changed();
    assertThat(delays).containsExactly(Duration.ZERO, Duration.ofSeconds(3));
    pass(Duration.ofSeconds(3));
    run();

    assertThat(rounds).isEqualTo(2);
    pass(Duration.ofMinutes(1));
    pace.changed();
    assertThat(delays).last().isEqualTo(Duration.ZERO);
  }

  @Test
  void whatIsTooMuchForARoundWaitsForTheNext() {
    pace.changed();
    run();

    assertThat(written(10_000, true)).isEqualTo(BreakerPace.MOST);
    assertThat(delays).containsExactly(Duration.ZERO, BreakerPace.EVERY);
    pass(BreakerPace.EVERY);
    run();
    assertThat(written(10_000, true)).isEqualTo(BreakerPace.MOST);
    assertThat(rounds).isEqualTo(2);
  }

  @Test
  void inEachRoundThereIsRoomForOpenBreakers() {
    pace.changed();
    run();

    assertThat(written(10_000, false)).isEqualTo(BreakerPace.MOST - BreakerPace.URGENT);
    assertThat(written(10_000, true)).isEqualTo(BreakerPace.URGENT);
  }

  @Test
  void roundsForOtherReasonsMakeNoMoreRoom() {
    assertThat(written(1, true)).isZero();
    run();
    assertThat(written(10_000, true)).isEqualTo(BreakerPace.MOST);

    assertThat(written(10_000, true)).isZero();
  }

  private long written(int statuses, boolean urgent) {
    return IntStream.range(0, statuses).filter(_ -> pace.mayWrite(urgent)).count();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void run() {
    assertThat(due).hasSize(1);
    due.removeFirst().run();
  }
}
