package ai.oneflow.operator.apply;

import ai.oneflow.operator.workload.WorkloadStanding;
import java.util.Optional;

/// What came of a round for one LLMGateway.
///
/// @param wrote whether anything was written
/// @param paused whether there is more to write than may be written now
/// @param failure what the cluster refused, in words
record Outcome(WorkloadStanding standing, boolean wrote, boolean paused, Optional<String> failure) {
  /// Of a round that did not come to its end.
  static Outcome broken(String why) {
    return new Outcome(WorkloadStanding.failed(why), true, false, Optional.of(why));
  }
}
