package ai.oneflow.gateway.exchange.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The clock is moved by hand.
final class LoopPressureTest {
  private static final int SHORT = 1;
  private static final int BOUND = 100;
  private static final int LONG = 2 * BOUND;

  private final Pressure gateway = new Pressure(Bounds.usual().withLag(Duration.ofMillis(BOUND)));
  private final LoopPressure loop = gateway.onLoop();
  private long now = 1;

  @Test
  void takesAnythingWhileTurnsAreShort() {
    begin(5_000);
    turns(100, BOUND);

    assertThat(begins()).isTrue();
    assertThat(gateway.shedBy(Pressure.Reason.LAG)).isZero();
  }

  @Test
  void takesAnythingAfterLongTurnsThatPass() {
    begin(1_000);
    turns(2, 10 * LONG);
    turns(1, SHORT);
    turns(2, 10 * LONG);
    turns(1, SHORT);

    assertThat(begins()).isTrue();
  }

  @Test
  void looksAtTheTurnAfterALongOneToo() {
    loop.turnBegins(now);
    assertThat(loop.turnEnded(now + TimeUnit.MILLISECONDS.toNanos(LONG))).isTrue();
    loop.turnBegins(now);
    assertThat(loop.turnEnded(now + TimeUnit.MILLISECONDS.toNanos(SHORT))).isFalse();
  }

  @Test
  void refusesWhatIsBeyondTheRequestsThatWouldMakeTurnsJustSoLong() {
    begin(1_000);
    turns(3, LONG);
    assertThat(begins()).isFalse();
    assertThat(gateway.shedBy(Pressure.Reason.LAG)).isEqualTo(1);

    end(501);
    assertThat(begins()).isTrue();
    assertThat(begins()).isFalse();
  }

  @Test
  void goesByTheShortestOfTheLastTurns() {
    begin(1_000);
    turns(1, 10 * LONG);
    turns(1, LONG);
    turns(1, 10 * LONG);

    end(501);

    assertThat(begins()).isTrue();
    assertThat(begins()).isFalse();
  }

  @Test
  void refusesInTheMiddleOfATurnThatIsTheLastOfSomeLongOnes() {
    begin(1_000);
    turns(2, LONG);
    loop.turnBegins(now);
    assertThat(begins()).isTrue();

    now += TimeUnit.MILLISECONDS.toNanos(BOUND + 1);

    assertThat(begins()).isFalse();
    end(1);
    assertThat(begins()).isTrue();
  }

  @Test
  void doesNotLowerABoundThatIsNotReachedYet() {
    begin(1_000);
    turns(40, LONG);

    end(501);

    assertThat(begins()).isTrue();
  }

  @Test
  void lowersABoundThatIsReachedAndDidNotHelp() {
    begin(1_000);
    turns(3, LONG);
    end(500);
    turns(1, LONG);

    end(249);
    assertThat(begins()).isFalse();
    end(2);
    assertThat(begins()).isTrue();
  }

  @Test
  void takesMoreAsTurnsGetShorterIfItIsAskedForMore() {
    begin(1_000);
    turns(3, LONG);
    end(500);
    assertThat(begins()).isFalse();

    turns(1, SHORT);

    begin(50);
    assertThat(begins()).isFalse();
  }

  @Test
  void takesAnythingAgainOnceNothingWasRefusedForASecond() {
    begin(1_000);
    turns(3, LONG);
    end(1_000);
    turns(20, SHORT);

    begin(10_000);

    assertThat(gateway.shedBy(Pressure.Reason.LAG)).isZero();
  }

  @Test
  void neverRefusesAFew() {
    begin(20);
    turns(1_000, 100 * LONG);

    assertThat(begins()).isTrue();
  }

  @Test
  void tellsHowLongTheSlowestLoopTook() {
    turns(1, LONG);
    LoopPressure other = gateway.onLoop();
    other.turnBegins(now);
    other.turnEnded(now + SHORT);

    assertThat(gateway.lagSeconds()).isEqualTo(0.2);
  }

  private boolean begins() {
    return loop.begin(now);
  }

  private void begin(int requests) {
    for (int i = 0; i < requests; i++) {
      assertThat(begins()).isTrue();
    }
  }

  private void end(int requests) {
    for (int i = 0; i < requests; i++) {
      loop.ended();
    }
  }

  private void turns(int times, long millis) {
    for (int i = 0; i < times; i++) {
      now += LoopPressure.SWEEP_NANOS;
      loop.turnBegins(now);
      now += TimeUnit.MILLISECONDS.toNanos(millis);
      loop.turnEnded(now);
    }
  }
}
