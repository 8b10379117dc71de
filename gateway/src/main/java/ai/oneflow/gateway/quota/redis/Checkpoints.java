package ai.oneflow.gateway.quota.redis;

import java.util.List;

/// Knows how far requests under way have come.
public interface Checkpoints {
  /// Those that have run for some time. Asked once a second, on a thread of the counters; must not
  /// block.
  List<Checkpoint> underWay();
}
