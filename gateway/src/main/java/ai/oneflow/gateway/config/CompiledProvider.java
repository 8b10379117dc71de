package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestHead;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.upstream.UpstreamEndpoint;
import ai.oneflow.snapshot.ProviderEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A provider as the request path sees it.
///
/// @param entry what it was compiled from; an equal entry keeps the compiled provider, and with it
///     its connections
/// @param label `namespace/name`, as callers see it
/// @param heads for each credential the request's head by surface, with the credential in it
/// @param bulkhead who is under way there; the same one for as long as the provider has its name
public record CompiledProvider(
    ProviderEntry entry,
    String label,
    UpstreamEndpoint endpoint,
    List<Map<Surface, OpenAiRequestHead>> heads,
    Bulkhead bulkhead) {

  /// The head of a request.
  ///
  /// @param credential its place among those of the entry
  public OpenAiRequestHead head(Surface surface, int credential) {
    return Objects.requireNonNull(heads.get(credential).get(surface));
  }
}
