package ai.oneflow.gateway.exchange.accept;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// How long one event loop takes for a turn, and how many requests it takes on in view of that.
///
/// In a turn an event loop does what is ready for all that is under way on it, so a turn is what
/// each of them waits, many times in the course of an answer. With more to do than it can, turns
/// grow with the requests under way, and those grow until nobody is answered in time. So once turns
/// are long, the requests under way are bounded, and those beyond are refused on their head.
///
/// Long is when the shortest of some turns is: a collection of garbage or a burst makes one or two
/// of them long, and passes (CoDel, RFC 8289: not a queue is bad, but one that stands). The bound
/// is moved by how far that turn is from the one that is wanted (a gradient, as TCP Vegas and
/// Netflix' concurrency limits have it), down at once, up in small steps, since what a request
/// costs shows only when its provider answers. It ends when nobody ran into it for a second. Many
/// requests that wait for slow providers make no turn long, and are not bounded.
///
/// One event loop, but for [#lagNanos].
public final class LoopPressure {
  /// How often a turn is looked at.
  public static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int TURNS = 3;

  /// Fewer requests are never the reason of long turns that refusing others could end.
  private static final int LEAST = 32;

  private static final int UNBOUNDED = Integer.MAX_VALUE;
  private static final double FASTEST_CUT = 0.25;
  private static final double FASTEST_GROWTH = 1.1;

  /// Of the room there is, as an exponent: near to what is wanted steps are small.
  private static final double CAUTION = 0.25;

  private static final int CALM_LOOKS = 20;

  private final Pressure gateway;
  private final long boundNanos;
  private volatile long lagNanos;
  private long beganNanos;
  private boolean looking;

  /// The last ones that were looked at, in no order.
  private final long[] turns = new long[TURNS];

  private int looks;
  private int underWay;
  private int most = UNBOUNDED;
  private boolean refused;
  private int calmLooks;

  LoopPressure(Pressure gateway, Duration bound) {
    this.gateway = gateway;
    this.boundNanos = bound.toNanos();
  }

  /// A turn begins that is looked at.
  public void turnBegins(long nowNanos) {
    beganNanos = nowNanos;
    looking = true;
  }

  /// It has ended.
  ///
  /// @return whether it was long, so that the next one is to be looked at, too
  public boolean turnEnded(long nowNanos) {
    lagNanos = nowNanos - beganNanos;
    looking = false;
    turns[looks++ % TURNS] = lagNanos;
    long shortest = Arrays.stream(turns).min().orElse(0);
    if (most != UNBOUNDED) {
      follow(shortest);
    } else if (shortest > boundNanos && underWay > LEAST) {
      most = share(underWay, shortest);
      calmLooks = 0;
    }
    refused = false;
    return lagNanos > boundNanos;
  }

  /// The turn that goes on is the last of some long ones already: to wait for its end would make it
  /// longer by all that is ready yet, and the next one by what comes of that.
  private boolean isLong(long nowNanos) {
    int longOnes = looking && nowNanos - beganNanos > boundNanos ? 1 : 0;
    for (int i = 1; i < TURNS; i++) {
      longOnes += turns[Math.floorMod(looks - i, TURNS)] > boundNanos ? 1 : 0;
    }
    return longOnes == TURNS;
  }

  /// A bound that is not reached yet is not lowered: turns are still those of the requests that
  /// were there before. One that nobody runs into says nothing about more.
  private void follow(long shortest) {
    calmLooks = refused ? 0 : calmLooks + 1;
    if (calmLooks >= CALM_LOOKS) {
      most = UNBOUNDED;
    } else if (shortest > boundNanos) {
      most = underWay <= most ? share(underWay, shortest) : most;
    } else if (refused) {
      double room = (double) boundNanos / Math.max(1, shortest);
      most = (int) Math.ceil(most * Math.min(FASTEST_GROWTH, Math.pow(room, CAUTION)));
    }
  }

  private int share(int of, long turnNanos) {
    double share = Math.max(FASTEST_CUT, (double) boundNanos / turnNanos);
    return Math.max(LEAST, (int) (of * share));
  }

  /// Whether one more request is taken on; it is counted then, until it [#ended].
  boolean begin(long nowNanos) {
    if (most == UNBOUNDED && underWay > LEAST && isLong(nowNanos)) {
      most = underWay;
      calmLooks = 0;
    }
    if (underWay >= most) {
      refused = true;
      gateway.shed(Pressure.Reason.LAG);
      return false;
    }
    underWay++;
    return true;
  }

  void ended() {
    underWay--;
  }

  Pressure gateway() {
    return gateway;
  }

  long lagNanos() {
    return lagNanos;
  }
}
