package ai.oneflow.gateway.health;

import java.time.Duration;

/// What this gateway knows of one model of one provider. Thread-safe; nothing here blocks.
public final class TargetHealth {
  private static final long HALF_LIFE_MILLIS = 60_000;

  /// Five answers are two thirds of the average.
  private static final double ANSWER_WEIGHT = 0.2;

  /// A single fault takes a twentieth.
  private static final double OUTCOME_WEIGHT = 0.05;

  private final DecayingAverage firstTokenMillis;
  private final DecayingAverage answerMillis;
  private final DecayingAverage availability;

  /// @param latencyPrior what to expect until there are measurements
  TargetHealth(Duration latencyPrior, long nowNanos) {
    double prior = latencyPrior.toMillis();
    firstTokenMillis = new DecayingAverage(prior, ANSWER_WEIGHT, HALF_LIFE_MILLIS, nowNanos);
    answerMillis = new DecayingAverage(prior, ANSWER_WEIGHT, HALF_LIFE_MILLIS, nowNanos);
    availability = new DecayingAverage(1, OUTCOME_WEIGHT, HALF_LIFE_MILLIS, nowNanos);
  }

  /// Milliseconds until the first piece of a stream, or the whole of an answer.
  public double latencyMillis(boolean stream, long nowNanos) {
    return (stream ? firstTokenMillis : answerMillis).at(nowNanos);
  }

  /// The part of the calls that were answered, 0 to 1.
  public double availability(long nowNanos) {
    return availability.at(nowNanos);
  }

  /// The first piece of a stream has come, or the whole of an answer.
  public void answered(boolean stream, long durationNanos, long nowNanos) {
    (stream ? firstTokenMillis : answerMillis).add(durationNanos / 1e6, nowNanos);
    availability.add(1, nowNanos);
  }

  /// The provider is at fault.
  public void failed(long nowNanos) {
    availability.add(0, nowNanos);
  }
}
