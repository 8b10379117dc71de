package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestHead;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.upstream.UpstreamEndpoint;
import ai.oneflow.snapshot.ProviderEntry;
import java.util.Map;

/// A provider as the request path sees it.
///
/// @param entry what it was compiled from; an equal entry keeps the compiled provider, and with it
///     its connections
/// @param label `namespace/name`, as callers see it
/// @param heads the request's head by surface, with the credential in it
/// @param bulkhead who is under way there; the same one for as long as the provider has its name
public record CompiledProvider(
    ProviderEntry entry,
    String label,
    UpstreamEndpoint endpoint,
    Map<Surface, OpenAiRequestHead> heads,
    Bulkhead bulkhead) {}
