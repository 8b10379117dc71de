package ai.oneflow.gateway.health;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What this gateway knows of one model of one provider, and whether it is called at all: not while
/// its breaker is open or the provider has asked for a pause. Thread-safe; nothing here blocks.
public final class TargetHealth {
  private static final long HALF_LIFE_MILLIS = 60_000;

  /// Five answers are two thirds of the average.
  private static final double ANSWER_WEIGHT = 0.2;

  /// A single fault takes a twentieth.
  private static final double OUTCOME_WEIGHT = 0.05;

  private final Settings settings;
  private final DecayingAverage firstTokenMillis;
  private final DecayingAverage answerMillis;
  private final DecayingAverage availability;
  private final Breaker breaker;
  private final Pause pause;

  /// What its configuration says of a target.
  ///
  /// @param latencyPrior what to expect until there are measurements
  /// @param faults in a row that open its breaker, 1 or more
  /// @param openFor how long the breaker stays open before a probe
  /// @param probes that are let through when it is half open, 1 or more
  public record Settings(Duration latencyPrior, int faults, Duration openFor, int probes) {}

  /// @param nanos such as [System#nanoTime()]
  TargetHealth(Settings settings, LongSupplier nanos) {
    this.settings = settings;
    long now = nanos.getAsLong();
    double prior = settings.latencyPrior().toMillis();
    firstTokenMillis = new DecayingAverage(prior, ANSWER_WEIGHT, HALF_LIFE_MILLIS, now);
    answerMillis = new DecayingAverage(prior, ANSWER_WEIGHT, HALF_LIFE_MILLIS, now);
    availability = new DecayingAverage(1, OUTCOME_WEIGHT, HALF_LIFE_MILLIS, now);
    breaker =
        new Breaker(
            new Breaker.Settings(settings.faults(), settings.openFor(), settings.probes()), nanos);
    pause = new Pause(now);
  }

  Settings settings() {
    return settings;
  }

  /// Milliseconds until the first content of a stream, or the whole of an answer.
  public double latencyMillis(boolean stream, long nowNanos) {
    return (stream ? firstTokenMillis : answerMillis).at(nowNanos);
  }

  /// The part of the calls that were answered, 0 to 1.
  public double availability(long nowNanos) {
    return availability.at(nowNanos);
  }

  /// How long the provider still wants to be left alone, in nanoseconds; 0 where it does not.
  public long pausedNanos(long nowNanos) {
    return pause.nanos(nowNanos);
  }

  /// How long the breaker is still certain to be open, in nanoseconds; 0 where it is not.
  public long openNanos() {
    return breaker.openNanos();
  }

  public BreakerState breaker() {
    return breaker.state();
  }

  /// Permission for one call, to be concluded by one of [#succeeded], [#failed] and [#abandoned];
  /// null where the target is to be left alone.
  public @Nullable Permit tryCall(long nowNanos) {
    return pausedNanos(nowNanos) > 0 ? null : breaker.tryAcquire();
  }

  /// The first content of a stream has come, or the whole of an answer.
  public void answered(boolean stream, long durationNanos, long nowNanos) {
    (stream ? firstTokenMillis : answerMillis).add(durationNanos / 1e6, nowNanos);
  }

  /// The provider did what it was asked.
  public void succeeded(Permit permit, long nowNanos) {
    availability.add(1, nowNanos);
    breaker.succeeded(permit);
  }

  /// The provider is at fault.
  public void failed(Permit permit, long nowNanos) {
    availability.add(0, nowNanos);
    breaker.failed(permit);
  }

  /// The call says nothing of the provider.
  public void abandoned(Permit permit) {
    breaker.abandoned(permit);
  }

  /// The provider wants to be left alone for so long.
  public void pause(Duration wanted, long nowNanos) {
    pause.extend(wanted, nowNanos);
  }
}
