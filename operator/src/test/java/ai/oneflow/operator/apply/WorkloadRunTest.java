package ai.oneflow.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.workload.Wanted;
import ai.oneflow.operator.workload.WorkloadStanding;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WorkloadRunTest {
  private static final Outcome NOTHING =
      new Outcome(WorkloadStanding.UNKNOWN, false, false, Optional.empty());

  private final List<Wanted> rounds = new CopyOnWriteArrayList<>();

  private static Wanted wanted(String metadata) {
    LLMGateway gateway =
        Manifests.parse(
                """
                apiVersion: oneflow.ai/v1alpha1
                kind: LLMGateway
                metadata: {name: main, namespace: ai, uid: u%s}
                spec: {}
                """
                    .formatted(metadata))
            .list(LLMGateway.class)
            .getFirst();
    return new Wanted(gateway, Set.of());
  }

  private WorkloadRun run(Wanted wanted, Function<Wanted, Outcome> round) {
    return new WorkloadRun(
            wanted,
            now -> {
              rounds.add(now);
              return round.apply(now);
            },
            Clock.systemUTC())
        .start();
  }

  @Test
  void looksOnceAndThenWhenSomethingChanged() {
    try (WorkloadRun run = run(wanted(""), _ -> NOTHING)) {
      await().until(() -> rounds.size() == 1);

      run.wake();

      await().until(() -> rounds.size() == 2);
    }
  }

  @Test
  void triesAgainAfterAFailureAlsoAfterOneOfOurOwn() {
    try (WorkloadRun _ =
        run(
            wanted(""),
            _ -> {
              if (rounds.size() == 1) {
                throw new IllegalStateException("a bug");
              }
              return NOTHING;
            })) {
      await().until(() -> rounds.size() == 2);
    }
  }

  /// The pause after a failure doubles from one second on.
  @Test
  void somethingNewDoesNotWaitForTheEndOfAPause() {
    Wanted next = wanted(", generation: 2");
    try (WorkloadRun run = run(wanted(""), _ -> Outcome.broken("for ever"))) {
      await().until(() -> rounds.size() == 2);

      run.want(next);

      await().atMost(Duration.ofSeconds(1)).until(() -> rounds.contains(next));
    }
  }

  @Test
  void whatIsBeingDeletedIsLeftToTheGarbageCollector() {
    Wanted going = wanted(", deletionTimestamp: \"2026-01-01T00:00:00Z\", finalizers: [a/b]");
    try (WorkloadRun run = run(going, _ -> NOTHING)) {
      Wanted alive = wanted(", generation: 3");
      run.want(alive);

      await().until(() -> rounds.contains(alive));
      assertThat(rounds).doesNotContain(going);
    }
  }
}
