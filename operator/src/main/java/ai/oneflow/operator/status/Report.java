package ai.oneflow.operator.status;

import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import java.util.List;

/// What is to be said of a resource.
///
/// @param generation the one that this speaks of
/// @param conditions Accepted, ResolvedRefs, Programmed and Ready, in this order
public record Report(EntryKey key, long generation, List<Verdict> conditions) {
  public Report {
    conditions = List.copyOf(conditions);
  }
}
