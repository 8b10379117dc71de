package ai.oneflow.gateway.config;

import ai.oneflow.gateway.health.RetryBudget;
import ai.oneflow.snapshot.RouteEntry;
import java.util.List;

/// Where one public model name leads.
///
/// @param retries what is left of those that its policy allows
/// @param targets in the order of the policy
/// @param readsOn whether answers are read on for callers who left
public record CompiledRoute(
    RouteEntry.Selection selection,
    RouteEntry.Retry retry,
    RetryBudget retries,
    List<CompiledTarget> targets,
    boolean readsOn) {}
