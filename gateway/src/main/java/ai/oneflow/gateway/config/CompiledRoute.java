package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.RouteEntry;
import java.util.List;

/// Where one public model name leads.
///
/// @param targets in the order of the policy
/// @param readsOn whether answers are read on for callers who left
public record CompiledRoute(
    RouteEntry.Selection selection,
    RouteEntry.Retry retry,
    List<CompiledTarget> targets,
    boolean readsOn) {}
