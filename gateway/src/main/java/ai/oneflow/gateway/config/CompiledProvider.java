package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestHead;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.Succession;
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
/// @param heads for each credential of the entry the request's head by surface, with the credential
///     in it
/// @param credentials those of the entry, and what is still kept of those before them
/// @param bulkhead who is under way there; the same one for as long as the provider has its name
public record CompiledProvider(
    ProviderEntry entry,
    String label,
    UpstreamEndpoint endpoint,
    List<Map<Surface, OpenAiRequestHead>> heads,
    Succession.Line credentials,
    Bulkhead bulkhead) {

  /// The head of a request.
  ///
  /// @param credential its place in the pool: among those of the entry, or behind them among those
  ///     that they took the place of. Of such a one nothing is made ahead, since it is to be
  ///     forgotten; where it was so a moment ago, its successor has just been accepted.
  public OpenAiRequestHead head(Surface surface, int credential) {
    if (credential < heads.size()) {
      return Objects.requireNonNull(heads.get(credential).get(surface));
    }
    Succession succession = credentials.successions().get(credential - heads.size());
    return succession
        .former()
        .map(former -> OpenAiRequestHead.of(entry.endpoint(), surface, former))
        .orElseGet(() -> head(surface, succession.place()));
  }
}
