package ai.oneflow.gateway.config.push;

import ai.oneflow.gateway.health.BreakerState;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.BreakerStates;
import ai.oneflow.snapshot.BreakerStates.Breaker;
import ai.oneflow.snapshot.BreakerStates.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the operator is to be told of breakers: on a new connection all that are not closed, then
/// what changed, open ones first.
///
/// It looks at them in the rounds of [PushClient], instead of hearing of each change: a breaker
/// lets probes through by the time alone, and one that opens and closes many times a second is told
/// once a second. Confined to the thread of that client.
final class BreakerReports {
  private final HealthBook health;
  private final Map<HealthBook.Target, State> told = new HashMap<>();
  private boolean silent = true;

  BreakerReports(HealthBook health) {
    this.health = health;
  }

  /// There is a new connection, whose other end knows nothing.
  void connected() {
    told.clear();
    silent = true;
  }

  /// What to say in this round. It counts as told.
  Optional<BreakerStates> take() {
    List<Change> changes =
        changes().stream()
            .sorted(Comparator.comparing(Change::now))
            .limit(BreakerStates.MOST)
            .toList();
    changes.forEach(this::note);
    if (changes.isEmpty() && !silent) {
      return Optional.empty();
    }
    silent = false;
    return Optional.of(new BreakerStates(changes.stream().map(Change::said).toList()));
  }

  private List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    Map<HealthBook.Target, State> notClosed = notClosed();
    notClosed.forEach(
        (target, state) -> {
          if (state != told.get(target)) {
            changes.add(new Change(target, state));
          }
        });
    for (HealthBook.Target target : told.keySet()) {
      if (!notClosed.containsKey(target)) {
        changes.add(new Change(target, State.CLOSED));
      }
    }
    return changes;
  }

  private Map<HealthBook.Target, State> notClosed() {
    Map<HealthBook.Target, State> notClosed = new HashMap<>();
    health
        .all()
        .forEach(
            (target, known) -> {
              BreakerState state = known.breaker();
              if (state != BreakerState.CLOSED) {
                notClosed.put(target, state == BreakerState.OPEN ? State.OPEN : State.HALF_OPEN);
              }
            });
    return notClosed;
  }

  private void note(Change change) {
    if (change.now == State.CLOSED) {
      told.remove(change.target);
    } else {
      told.put(change.target, change.now);
    }
  }

  private record Change(HealthBook.Target target, State now) {
    Breaker said() {
      String[] provider = target.provider().split("/", 2);
      return new Breaker(provider[0], provider[1], target.model(), now);
    }
  }
}
