package ai.oneflow.gateway.exchange.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

final class SlidingWindowTest {
  private static final long WINDOW = 6_000;

  /// An event leaves at the latest when the window and one slot have passed.
  private static final long LATEST = WINDOW + WINDOW / SlidingWindow.SLOTS;

  @Property
  void neverLetsMoreThanTheLimitIntoAnyWindow(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 900) Integer> pauses,
      @ForAll @IntRange(min = 1, max = 20) int limit,
      @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long start) {
    SlidingWindow window = new SlidingWindow(WINDOW, start);
    List<Long> admitted = new ArrayList<>();
    long now = start;
    for (int pause : pauses) {
      now += pause;
      if (window.count(now) < limit) {
        window.add(now);
        admitted.add(now);
      }
    }
    for (int i = limit; i < admitted.size(); i++) {
      assertThat(admitted.get(i) - admitted.get(i - limit)).isGreaterThanOrEqualTo(WINDOW);
    }
  }

  @Property
  void countsWhatTheWindowHoldsAndForgetsItAtMostASlotLate(
      @ForAll @Size(min = 1, max = 100) List<@IntRange(max = 2_000) Integer> pauses) {
    SlidingWindow window = new SlidingWindow(WINDOW, 0);
    List<Long> events = new ArrayList<>();
    long now = 0;
    for (int pause : pauses) {
      now += pause;
      window.add(now);
      events.add(now);
      long at = now;
      assertThat(window.count(at))
          .isBetween(
              events.stream().filter(event -> at - event < WINDOW).count(),
              events.stream().filter(event -> at - event < LATEST).count());
    }
  }

  @Property
  void saysToTheNanosecondWhenThereIsRoom(
      @ForAll @Size(min = 1, max = 50) List<@IntRange(max = 300) Integer> pauses,
      @ForAll @IntRange(min = 1, max = 10) int limit) {
    SlidingWindow window = new SlidingWindow(WINDOW, 0);
    long now = 0;
    for (int pause : pauses) {
      now += pause;
      window.add(now);
    }
    long wait = window.nanosUntilBelow(limit, now);
    if (wait == 0) {
      assertThat(window.count(now)).isLessThan(limit);
    } else {
      assertThat(window.count(now + wait - 1)).isGreaterThanOrEqualTo(limit);
      assertThat(window.count(now + wait)).isLessThan(limit);
    }
  }

  @Example
  void isEmptyAfterALongPause() {
    SlidingWindow window = new SlidingWindow(WINDOW, 0);
    window.add(1);

    assertThat(window.count(1_000 * WINDOW)).isZero();
  }

  @Example
  void takesATimeBeforeTheLastForTheLast() {
    SlidingWindow window = new SlidingWindow(WINDOW, 0);
    window.add(5_000);
    window.add(4_000);

    assertThat(window.count(3_000)).isEqualTo(2);
    assertThat(window.count(5_000 + LATEST)).isZero();
  }

  @Example
  void holdsAWindowThatDoesNotDivideIntoSlots() {
    long[] lengths = {1, 7, 59, 61, 1_000_000_007};
    long[] kept = Arrays.stream(lengths).map(SlidingWindowTest::countAtItsLastInstant).toArray();

    assertThat(kept).containsOnly(1);
  }

  private static long countAtItsLastInstant(long windowNanos) {
    SlidingWindow window = new SlidingWindow(windowNanos, 0);
    window.add(0);
    return window.count(windowNanos - 1);
  }
}
