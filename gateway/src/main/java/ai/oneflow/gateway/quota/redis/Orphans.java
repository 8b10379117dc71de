package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Records in the ledger the requests that ended with their gateway.
public interface Orphans {
  /// What a request has used of a limit.
  record Used(Limit limit, long atMillis, long amount) {}

  /// A gateway's end, as its lease has it.
  ///
  /// @param instance its name; this gateway's own after a restart
  /// @param untold when it settled what is not counted yet; empty where the counters were made anew
  ///     since, out of the ledger
  /// @param checkpoints by the id of the usage event; none where no request had run for a second
  record Death(String instance, Optional<Untold> untold, Map<String, byte[]> checkpoints) {}

  /// A time in which a gateway settled and told nobody, by its clock.
  ///
  /// @param fromMillis when it last told Redis anything
  /// @param untilMillis when another run of it began, which counts by itself what it records under
  ///     the same name; the largest where there is none
  record Untold(long fromMillis, long untilMillis) {}

  /// Asked once and again until what it returns is counted.
  ///
  /// @return what is to be counted: what requests under way had used, unless others have counted
  ///     it, and what was settled and not told
  CompletableFuture<List<Used>> record(Death death);
}
