package ai.oneflow.gateway.idempotency.memory;

import ai.oneflow.gateway.idempotency.NameCaller;
import ai.oneflow.gateway.idempotency.NameModel;
import ai.oneflow.gateway.idempotency.Replays;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What threads see of a name is what some order of [NameModel]'s steps would show. How many
/// scenarios, and how often each, by the system properties `lincheck.scenarios` and
/// `lincheck.invocations`.
@Tag("lincheck")
class MemoryReplaysLinearizabilityTest {
  private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 5);
  private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 200);

  @Test
  void whateverOrderThreadsRunIn() {
    sized(new ModelCheckingOptions()).check(Callers.class);
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
        .actorsBefore(2)
        .actorsAfter(3)
        .sequentialSpecification(Model.class);
  }

  /// Callers who repeat one name.
  public static class Callers {
    private static final int MOST = 8;

    private final AtomicLong days = new AtomicLong();
    private final MemoryReplays replays =
        new MemoryReplays(
            () -> Instant.ofEpochMilli(days.get() * Replays.KEPT_MILLIS),
            MemoryReplays.MOST_BYTES,
            _ -> {});
    private final NameCaller[] callers =
        IntStream.range(0, MOST)
            .mapToObj(number -> new NameCaller(replays, "n", number))
            .toArray(NameCaller[]::new);

    @Operation
    public String claim(
        @Param(gen = ThreadIdGen.class) int caller,
        @Param(gen = IntGen.class, conf = "1:2") int body) {
      return callers[caller].claim("body " + body);
    }

    @Operation
    public String renew(@Param(gen = ThreadIdGen.class) int caller) {
      return callers[caller].renew();
    }

    @Operation
    public String conclude(@Param(gen = ThreadIdGen.class) int caller) {
      return callers[caller].conclude();
    }

    @Operation
    public String letGo(@Param(gen = ThreadIdGen.class) int caller) {
      return callers[caller].letGo();
    }

    @Operation
    public String dayPasses() {
      days.incrementAndGet();
      return "done";
    }
  }

  /// The same one after the other.
  public static class Model {
    private NameModel name = NameModel.FREE;

    private String step(Function<NameModel, NameModel.Step> how) {
      NameModel.Step step = how.apply(name);
      name = step.then();
      return step.seen();
    }

    public String claim(int caller, int body) {
      return step(it -> it.claim(caller, "body " + body));
    }

    public String renew(int caller) {
      return step(it -> it.renew(caller));
    }

    public String conclude(int caller) {
      return step(it -> it.conclude(caller));
    }

    public String letGo(int caller) {
      return step(it -> it.letGo(caller));
    }

    public String dayPasses() {
      return step(NameModel::lose);
    }
  }
}
