package ai.oneflow.gateway.health;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Opens after so many faults in a row, lets nobody through for a while, then probes, and closes
/// where a probe succeeds: resilience4j's state machine, driven by our outcomes. Each permit comes
/// back exactly once.
///
/// Thread-safe. Outcomes take a lock for some hundred nanoseconds, since the machine decides in
/// several steps, and an outcome must not land in a state that it was not judged by. Who only
/// looks, or calls while it is closed, takes none.
final class Breaker {
  private static final float ALL = 100;

  private final Settings settings;
  private final LongSupplier nanos;
  private final CircuitBreaker machine;
  private final Fault fault = new Fault();

  /// What the machine came to; changes under the lock alone.
  private volatile Standing standing = new Standing(State.CLOSED, 0, Permit.PLAIN);

  /// @param faults in a row that open it, 1 or more
  /// @param openFor until the first probe
  /// @param probes that are let through at once when it is half open
  record Settings(int faults, Duration openFor, int probes) {}

  /// @param openUntilNanos of meaning where it is open
  /// @param plain what is given while it is closed, another one after each opening
  private record Standing(State state, long openUntilNanos, Permit plain) {}

  /// @param nanos such as [System#nanoTime()]
  Breaker(Settings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindow(settings.faults(), settings.faults(), SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(ALL)
            .waitDurationInOpenState(slightlyLess(settings.openFor()))
            .permittedNumberOfCallsInHalfOpenState(settings.probes())
            .writableStackTraceEnabled(false)
            .clock(new MonotonicClock(nanos))
            .build();
    machine = CircuitBreaker.of("target", config);
    machine.getEventPublisher().onStateTransition(change -> moved(change.getStateTransition()));
  }

  /// The machine lets through only after its time, and counts in milliseconds; ours is exact.
  private static Duration slightlyLess(Duration openFor) {
    return openFor.toMillis() > 1 ? openFor.minusMillis(1) : openFor;
  }

  private void moved(CircuitBreaker.StateTransition change) {
    Permit plain = standing.plain();
    standing =
        new Standing(
            change.getToState(),
            nanos.getAsLong() + settings.openFor().toNanos(),
            change.getToState() == State.OPEN ? plain.next() : plain);
  }

  /// Permission for one call; null where there is none.
  @Nullable Permit tryAcquire() {
    Standing seen = standing;
    if (seen.state() == State.CLOSED) {
      return seen.plain();
    }
    return openNanos(seen) > 0 ? null : tryToProbe();
  }

  private synchronized @Nullable Permit tryToProbe() {
    if (openNanos() > 0 || !machine.tryAcquirePermission()) {
      return null;
    }
    return standing.state() == State.HALF_OPEN ? Permit.PROBE : standing.plain();
  }

  /// The provider answered.
  synchronized void succeeded(Permit permit) {
    if (counts(permit)) {
      machine.onSuccess(0, TimeUnit.NANOSECONDS);
    }
  }

  /// The provider is at fault.
  synchronized void failed(Permit permit) {
    if (counts(permit)) {
      machine.onError(0, TimeUnit.NANOSECONDS, fault);
    }
  }

  /// The call says nothing of the provider.
  synchronized void abandoned(Permit permit) {
    if (counts(permit)) {
      machine.releasePermission();
    }
  }

  /// A call that began before the breaker opened says nothing about the time since, also where it
  /// has closed again.
  private boolean counts(Permit permit) {
    Standing now = standing;
    return permit.isProbe() || (now.state() == State.CLOSED && permit.equals(now.plain()));
  }

  /// How long it is certain to let nobody through; 0 where a call may be tried.
  long openNanos() {
    return openNanos(standing);
  }

  private long openNanos(Standing seen) {
    return seen.state() == State.OPEN ? Math.max(0, seen.openUntilNanos() - nanos.getAsLong()) : 0;
  }

  BreakerState state() {
    Standing seen = standing;
    return switch (seen.state()) {
      // The machine stays open until somebody asks, who is let through then.
      case OPEN, FORCED_OPEN -> openNanos(seen) > 0 ? BreakerState.OPEN : BreakerState.HALF_OPEN;
      case HALF_OPEN -> BreakerState.HALF_OPEN;
      case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
    };
  }

  /// What the machine is told of a fault: all are alike to it.
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault() {
      super("a fault of the provider", null, false, false);
    }
  }
}
