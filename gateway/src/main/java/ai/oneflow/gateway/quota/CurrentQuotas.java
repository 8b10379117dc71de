package ai.oneflow.gateway.quota;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The counters that configuration names now. When it names others, new requests take from those;
/// what was taken before settles where it was taken.
public final class CurrentQuotas implements Quotas {
  private final AtomicReference<Quotas> current;

  public CurrentQuotas(Quotas first) {
    current = new AtomicReference<>(first);
  }

  /// Takes from these from now on, and returns the former ones, which are still to be closed: by
  /// whoever made them, once what they hold has had time to settle.
  public Quotas replace(Quotas next) {
    return current.getAndSet(next);
  }

  @Override
  public void take(Ask ask, Executor loop, Consumer<Taking> then) {
    Quotas keeper = current.get();
    keeper.take(
        ask,
        loop,
        taking -> {
          if (taking instanceof Taking.Taken(var hold, _, _)) {
            hold.keptBy(keeper);
          }
          then.accept(taking);
        });
  }

  @Override
  public void settle(Hold hold, Spent spent) {
    hold.keeper().orElseGet(current::get).settle(hold, spent);
  }

  @Override
  public void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    current.get().look(limits, loop, then);
  }

  @Override
  public void close() {
    current.get().close();
  }
}
