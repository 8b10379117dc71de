package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.RouteEntry;
import java.util.List;

/// Where one public model name leads.
///
/// @param targets in the order in which they are tried
/// @param readsOn whether answers are read on for callers who left
public record CompiledRoute(
    RouteEntry.Strategy strategy,
    List<CompiledTarget> targets,
    RouteEntry.Unpriced unpriced,
    boolean readsOn) {}
