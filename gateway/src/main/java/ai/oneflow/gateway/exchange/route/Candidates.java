package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.CompiledTarget.Merits;
import ai.oneflow.gateway.config.Hash;
import ai.oneflow.gateway.exchange.route.Explanation.Parts;
import ai.oneflow.gateway.exchange.route.Explanation.Scored;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Weights;
import java.util.Arrays;
import java.util.List;

/// The targets that can serve a request, scored and put in order. Its arrays serve one request
/// after the other, so that a decision makes no garbage. Not thread-safe.
///
/// Scores are relative to the other candidates: the best of them in cost, latency or quality has 1,
/// the worst 0, and where all are alike all have 1. A score is the weighted sum of the three, times
/// the part of its calls that the target answered lately. With `Weighted`, and where callers are
/// kept with their target, the order comes from a hash of caller and target instead, by which a
/// target gets the part of the callers that its declared weight is of all, and keeps those it has
/// when another comes or goes (weighted rendezvous hashing; Schindelhauer, Schomaker: Weighted
/// distributed hash tables, 2005). Nothing that is measured, and nothing of the other candidates,
/// has a part in it: either would move callers that have no reason to move.
final class Candidates {
  private static final Weights COST = new Weights(100, 0, 0);
  private static final Weights LATENCY = new Weights(0, 100, 0);
  private static final Weights QUALITY = new Weights(0, 0, 100);

  private static final double PERCENT = 100;

  private int count;
  private CompiledTarget[] targets = new CompiledTarget[8];
  private double[] cost = new double[8];
  private double[] latency = new double[8];
  private double[] quality = new double[8];
  private double[] score = new double[8];
  private double[] tie = new double[8];

  /// Places in the arrays above, once in order the best first.
  private int[] ranked = new int[8];

  void clear() {
    Arrays.fill(targets, 0, count, null);
    count = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /// @param rank 0 for the best, once they are in order
  CompiledTarget target(int rank) {
    return targets[ranked[rank]];
  }

  void add(CompiledTarget target, Demand demand, long nowNanos) {
    if (count == targets.length) {
      grow();
    }
    targets[count] = target;
    cost[count] = demand.cost(target);
    latency[count] = target.merits().health().latencyMillis(demand.stream(), nowNanos);
    quality[count] = target.merits().quality();
    ranked[count] = count;
    count++;
  }

  private void grow() {
    int more = 2 * targets.length;
    targets = Arrays.copyOf(targets, more);
    cost = Arrays.copyOf(cost, more);
    latency = Arrays.copyOf(latency, more);
    quality = Arrays.copyOf(quality, more);
    score = Arrays.copyOf(score, more);
    tie = Arrays.copyOf(tie, more);
    ranked = Arrays.copyOf(ranked, more);
  }

  /// Scores all.
  ///
  /// @param weights what `Balanced` goes by
  /// @param keptBy a hash of what keeps the caller with its target
  /// @param kept whether there is one; otherwise `keptBy` is any number
  void score(Strategy strategy, Weights weights, long keptBy, boolean kept, long nowNanos) {
    switch (kept && strategy != Strategy.PRIORITY ? Strategy.WEIGHTED : strategy) {
      case PRIORITY -> byPriority(keptBy, kept);
      case WEIGHTED -> byWeight(keptBy);
      case COST_OPTIMIZED -> byScore(COST, nowNanos);
      case LATENCY_OPTIMIZED -> byScore(LATENCY, nowNanos);
      case QUALITY_OPTIMIZED -> byScore(QUALITY, nowNanos);
      case BALANCED -> byScore(weights, nowNanos);
    }
  }

  private void byPriority(long keptBy, boolean kept) {
    for (int i = 0; i < count; i++) {
      Merits merits = targets[i].merits();
      score[i] = -merits.priority();
      tie[i] = kept ? share(merits, merits.weight(), keptBy) : merits.weight();
    }
  }

  private void byWeight(long keptBy) {
    for (int i = 0; i < count; i++) {
      Merits merits = targets[i].merits();
      score[i] = share(merits, merits.weight(), keptBy);
      tie[i] = merits.weight() == 0 ? share(merits, 1, keptBy) : 0;
    }
  }

  private void byScore(Weights weights, long nowNanos) {
    double leastCost = least(cost);
    double costRange = greatest(cost) - leastCost;
    double leastLatency = least(latency);
    double latencyRange = greatest(latency) - leastLatency;
    double leastQuality = least(quality);
    double qualityRange = greatest(quality) - leastQuality;
    for (int i = 0; i < count; i++) {
      double sum =
          weights.cost() * (1 - part(cost[i] - leastCost, costRange, 0))
              + weights.latency() * (1 - part(latency[i] - leastLatency, latencyRange, 0))
              + weights.quality() * part(quality[i] - leastQuality, qualityRange, 1);
      score[i] = sum / PERCENT * targets[i].merits().health().availability(nowNanos);
      tie[i] = -latency[i];
    }
  }

  private Parts parts(int i) {
    double leastCost = least(cost);
    double leastLatency = least(latency);
    double leastQuality = least(quality);
    return new Parts(
        1 - part(cost[i] - leastCost, greatest(cost) - leastCost, 0),
        1 - part(latency[i] - leastLatency, greatest(latency) - leastLatency, 0),
        part(quality[i] - leastQuality, greatest(quality) - leastQuality, 1));
  }

  private static double part(double of, double range, double whereAllAreAlike) {
    return range > 0 ? of / range : whereAllAreAlike;
  }

  private double least(double[] values) {
    double least = values[0];
    for (int i = 1; i < count; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  private double greatest(double[] values) {
    double greatest = values[0];
    for (int i = 1; i < count; i++) {
      greatest = Math.max(greatest, values[i]);
    }
    return greatest;
  }

  /// Greatest for a target with the probability that its weight has among all. A weight of 0 is
  /// only the greatest where all are, and may be a fallback.
  private static double share(Merits merits, double weight, long keptBy) {
    long hash = Hash.mixed(merits.seed() ^ keptBy);
    double uniform = ((hash >>> 11) + 0.5) * 0x1p-53;
    return weight / -Math.log(uniform);
  }

  /// By insertion, which is the fastest for some tens.
  void order() {
    for (int i = 1; i < count; i++) {
      int place = ranked[i];
      int rank = i;
      while (rank > 0 && isBefore(place, ranked[rank - 1])) {
        ranked[rank] = ranked[rank - 1];
        rank--;
      }
      ranked[rank] = place;
    }
  }

  /// Of equal ones the first that was added.
  private boolean isBefore(int a, int b) {
    if (score[a] != score[b]) {
      return score[a] > score[b];
    }
    return tie[a] != tie[b] ? tie[a] > tie[b] : a < b;
  }

  /// What led to the order, the best first.
  List<Scored> scored(Demand demand, long nowNanos) {
    order();
    Scored[] all = new Scored[count];
    for (int rank = 0; rank < count; rank++) {
      int i = ranked[rank];
      CompiledTarget target = targets[i];
      all[rank] =
          new Scored(
              target,
              score[i],
              parts(i),
              demand.inputTokens(target),
              demand.outputTokens(target),
              cost[i],
              latency[i],
              target.merits().quality(),
              target.merits().health().availability(nowNanos));
    }
    return List.of(all);
  }
}
