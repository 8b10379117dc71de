package ai.oneflow.gateway.idempotency;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Keeps the names of requests: which are claimed, and what their answers were.
///
/// A claim is a lease of [#LEASE_MILLIS], so that a gateway that dies frees its names; an answer is
/// kept for [#KEPT_MILLIS]. Implementations are shared by all event loops and never block.
public interface Replays extends AutoCloseable {
  /// Claims are to be renewed in a third of it.
  long LEASE_MILLIS = 15_000;

  long KEPT_MILLIS = 24 * 3_600_000;

  /// Hears that a name of this process's claiming was concluded or let go: whoever waits for it may
  /// ask again. On any thread.
  interface Listener {
    void changed(String name);
  }

  /// Claims the name for this request, or says what became of the one that has it. Says so within
  /// seconds in any case.
  ///
  /// @param loop where `then` runs if the answer is not known at once
  /// @param then called once; before this returns where names are at hand
  void claim(Identity identity, Executor loop, Consumer<Claim> then);

  /// What was claimed and not concluded lapses with its lease.
  @Override
  void close();
}
