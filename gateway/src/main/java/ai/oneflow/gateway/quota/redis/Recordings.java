package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import ai.oneflow.gateway.quota.redis.Orphans.Death;
import ai.oneflow.gateway.quota.redis.Orphans.Used;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What is recorded of dead gateways at present. A ledger may take longer than the caretaker can
/// wait, and what it has recorded is new to it once: so the answer to the first question is kept
/// for those who ask again. Belongs to the caretaker's thread.
final class Recordings {
  private static final long PATIENCE_MILLIS = 2_000;

  /// Of one lease there is one end, but for counters that are made anew meanwhile.
  private record Question(String lease, boolean isUntold) {}

  private final Orphans orphans;
  private final Map<Question, CompletableFuture<List<Used>>> running = new HashMap<>();

  Recordings(Orphans orphans) {
    this.orphans = orphans;
  }

  /// Has it recorded, or looks what has become of that.
  ///
  /// @return empty where it is under way
  Optional<List<Used>> of(String lease, Death death) throws Unanswered, InterruptedException {
    Question question = new Question(lease, death.untold().isPresent());
    CompletableFuture<List<Used>> answer =
        running.computeIfAbsent(question, _ -> orphans.record(death));
    try {
      return Optional.of(answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      running.remove(question);
      throw new Unanswered(e.getCause() == null ? e : e.getCause());
    }
  }

  /// It is counted, by this gateway or another.
  void done(String lease) {
    running.keySet().removeIf(question -> question.lease().equals(lease));
  }
}
