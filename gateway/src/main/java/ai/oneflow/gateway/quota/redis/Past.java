package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.Map;
import java.util.Set;

/// What the ledger has of budgets that came to a fleet in the middle of their period.
public interface Past {
  /// Hears what was used of one limit by the requests of one gateway, at about one time.
  interface Visitor {
    void used(String gateway, Limit limit, long atMillis, long amount);
  }

  /// The limits in force that count until a period ends or for ever: by their [Limit#mark()], whom
  /// they speak of.
  Map<String, String> limits();

  /// Tells of all that SQL has of these limits and that still counts. Blocks.
  ///
  /// @param marks see [Limit#mark()]
  /// @throws RuntimeException if it could not be told in whole
  void visit(Set<String> marks, Visitor visitor);
}
