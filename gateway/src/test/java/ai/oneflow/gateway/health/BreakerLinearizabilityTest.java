package ai.oneflow.gateway.health;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What threads see of a breaker is what some order of [BreakerModel]'s steps would show, so one of
/// those who come at once is the probe and no other. How many scenarios, and
/// how often each, by the system properties `lincheck.scenarios` and `lincheck.invocations`.
@Tag("lincheck")
class BreakerLinearizabilityTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 5);
  private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 200);

  /// The guarantee is no claim: a map of its transitions was made with hashes of enums that differ
  /// from those that Lincheck gives out.
  @Test
  void whateverOrderThreadsRunIn() {
    sized(new ModelCheckingOptions())
        .addGuarantee(forClasses(StateTransition.class.getName()).allMethods().ignore())
        .check(Callers.class);
  }

  @Test
  @Tag("stress")
  void onAllCoresAtOnce() {
    sized(new StressOptions()).check(Callers.class);
  }

  private static <O extends Options<O, ?>> O sized(O options) {
    return options
        .iterations(SCENARIOS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(4)
        .actorsAfter(2)
        .sequentialSpecification(BreakerModel.class);
  }

  /// Callers with one permit each, at most.
  public static class Callers {
    private static final int MOST = 8;

    private final AtomicLong nanos = new AtomicLong(17);
    private final Breaker breaker =
        new Breaker(
            new Breaker.Settings(BreakerModel.FAULTS, BreakerModel.OPEN_FOR, 1), nanos::get);
    private final @Nullable Permit[] held = new Permit[MOST];

    public Callers() {
      for (int i = 0; i < BreakerModel.FAULTS; i++) {
        breaker.failed(Permit.PLAIN);
      }
      minutePasses();
    }

    @Operation
    public String ask(@Param(gen = ThreadIdGen.class) int caller) {
      if (held[caller] != null) {
        return "has one";
      }
      Permit permit = breaker.tryAcquire();
      held[caller] = permit;
      return permit == null ? "none" : BreakerModel.name(permit);
    }

    @Operation
    public boolean succeed(@Param(gen = ThreadIdGen.class) int caller) {
      Permit permit = take(caller);
      if (permit != null) {
        breaker.succeeded(permit);
      }
      return permit != null;
    }

    @Operation
    public boolean fail(@Param(gen = ThreadIdGen.class) int caller) {
      Permit permit = take(caller);
      if (permit != null) {
        breaker.failed(permit);
      }
      return permit != null;
    }

    @Operation
    public boolean abandon(@Param(gen = ThreadIdGen.class) int caller) {
      Permit permit = take(caller);
      if (permit != null) {
        breaker.abandoned(permit);
      }
      return permit != null;
    }

    private @Nullable Permit take(int caller) {
      Permit permit = held[caller];
      held[caller] = null;
      return permit;
    }

    /// No step of the breaker's that holds its lock takes a minute.
    @Operation
    public void minutePasses() {
      synchronized (breaker) {
        nanos.addAndGet(BreakerModel.OPEN_FOR.toNanos());
      }
    }

    @Operation
    public long openNanos() {
      return breaker.openNanos();
    }

    @Operation
    public String state() {
      return breaker.state().name();
    }
  }
}
