package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.partitioningBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What happens to which request; there must be a choice of faults that strike one alone. The same
/// seed makes the same plan, and a request's part of it does not depend on how many there are.
///
/// @param seed of everything random
record FaultPlan(long seed, List<PlannedRequest> requests) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /// One request in so many strikes what others depend on too; were it more, hardly any would run
  /// undisturbed.
  private static final int BLOW_IN = 40;

  private static final int SHORTEST = 4;
  private static final int LONGEST = 40;

  FaultPlan {
    requests = List.copyOf(requests);
  }

  /// The seed and the number of requests are those of the system properties, if they are set.
  static FaultPlan of(int usualCount, Collection<Fault> faults) {
    long seed = Long.getLong("oneflow.chaos.seed", System.nanoTime());
    int count = Integer.getInteger("oneflow.chaos.requests", usualCount);
    return of(seed, count, faults);
  }

  static FaultPlan of(long seed, int count, Collection<Fault> faults) {
    Map<Boolean, List<Fault>> choice =
        faults.stream().sorted().collect(partitioningBy(Fault::strikesAll));
    return new FaultPlan(
        seed, IntStream.range(0, count).mapToObj(i -> request(seed, i, choice)).toList());
  }

  private static PlannedRequest request(long seed, int index, Map<Boolean, List<Fault>> choice) {
    SplittableRandom random = new SplittableRandom(seed + index * GOLDEN);
    List<Fault> blows = choice.getOrDefault(true, List.of());
    boolean blow = random.nextInt(BLOW_IN) == 0 && !blows.isEmpty();
    List<Fault> faults = blow ? blows : choice.getOrDefault(false, List.of());
    Fault fault = faults.get(random.nextInt(faults.size()));
    boolean streamed = random.nextInt(4) > 0;
    int tokens = random.nextInt(SHORTEST, LONGEST);
    return new PlannedRequest(
        index,
        fault,
        streamed,
        streamed && random.nextBoolean(),
        tokens,
        random.nextInt(1, tokens),
        fault.needsTime() ? random.nextInt(5, 30) : random.nextInt(0, 3),
        random.nextBoolean());
  }

  /// How this run is repeated, for whoever reads of its failure.
  String repetition(Class<?> test) {
    return "-Dtest=%s -Doneflow.chaos.seed=%d -Doneflow.chaos.requests=%d"
        .formatted(test.getSimpleName(), seed, requests.size());
  }
}
