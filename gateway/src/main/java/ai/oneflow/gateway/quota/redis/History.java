package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;

/// What the ledger has in SQL of what was used.
public interface History {
  /// Hears what was used of one limit, at about one time.
  interface Visitor {
    void used(Limit limit, long atMillis, long amount);
  }

  /// Tells of everything that may still count for a limit in force. Blocks.
  ///
  /// @throws RuntimeException if it could not be told in whole
  void visit(Visitor visitor);
}
