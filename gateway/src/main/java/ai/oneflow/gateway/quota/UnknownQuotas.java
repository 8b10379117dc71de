package ai.oneflow.gateway.quota;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Stands for counters that are not known yet. A budget refuses, as does every limit that must not
/// be guessed; a window lets pass, and what passes is not counted: the ledger has it, out of which
/// the counters are made.
public final class UnknownQuotas implements Quotas {

  @Override
  public void take(Ask ask, Executor loop, Consumer<Taking> then) {
    for (Limit limit : ask.limits()) {
      if (limit.mustNotBeGuessed()) {
        then.accept(new Taking.Unreachable(limit));
        return;
      }
    }
    long[] nowhere = new long[ask.limits().size()];
    Arrays.fill(nowhere, Hold.NOWHERE);
    then.accept(new Taking.Taken(new Hold(ask, nowhere), List.of(), List.of()));
  }

  @Override
  public void settle(Hold hold, Spent spent) {
    hold.end();
  }

  @Override
  public void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    then.accept(List.of());
  }

  @Override
  public void close() {}
}
