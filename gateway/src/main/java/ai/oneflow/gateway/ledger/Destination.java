package ai.oneflow.gateway.ledger;

/// Where a request went. Made once when configuration is compiled and shared by all requests that
/// take this way: the journal writes it once and then refers to it.
///
/// @param surface what the caller spoke, such as `chat.completions`
/// @param publicModel as the caller named it
/// @param upstreamModel as the provider calls it
public record Destination(
    String surface,
    String publicModel,
    String providerNamespace,
    String providerName,
    String upstreamModel) {
  public Destination {
    Text.checked("a surface", surface);
    Text.checked("a model", publicModel);
    Text.checked("a provider's namespace", providerNamespace);
    Text.checked("a provider's name", providerName);
    Text.checked("a provider's model", upstreamModel);
  }
}
