package ai.oneflow.gateway.quota;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// The counters behind all limits.
///
/// What was taken and is not settled counts as used, so that no limit is ever overspent however
/// many requests run at once, as long as each asks for an upper bound of what it may use.
///
/// Thread-safe; no method blocks.
public interface Quotas extends AutoCloseable {

  /// Takes from all limits together, or from none.
  ///
  /// @param loop where `then` runs if the answer is not known at once; otherwise it runs before
  ///     this returns
  /// @param then called exactly once
  void take(Ask ask, Executor loop, Consumer<Taking> then);

  /// Puts what was really used in the place of what was held. Using more than was held is counted
  /// too. A hold that was settled already stays as it is.
  void settle(Hold hold, Spent spent);

  /// Where these limits stand.
  ///
  /// @param then called exactly once, as in [#take]; a limit whose counter cannot be reached is
  ///     missing
  void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then);

  @Override
  void close();
}
