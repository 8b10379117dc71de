package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.ledger.UsageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The events of requests that died with an earlier process, which were written when this one
/// began: kept until there are counters to count them in. Thread-safe.
public final class Recovered implements Consumer<UsageEvent> {
  private final List<UsageEvent> waiting = new ArrayList<>();
  private Consumer<UsageEvent> counter = waiting::add;

  @Override
  public synchronized void accept(UsageEvent event) {
    counter.accept(event);
  }

  /// From now on events are told to this, those that wait first.
  public synchronized void tell(Consumer<UsageEvent> next) {
    counter = next;
    waiting.forEach(next);
    waiting.clear();
  }
}
