package ai.oneflow.simulator.recording;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One recorded exchange.
///
/// Where the cassette holds a body as YAML, the body here is that value written as compact JSON:
/// the same JSON, though not the provider's own white space. Everything else is byte for byte.
///
/// @param responseHeaders names in lower case, as recorded, hop-by-hop headers included
public record Interaction(
    String method,
    URI uri,
    Body requestBody,
    int status,
    Map<String, List<String>> responseHeaders,
    Body responseBody) {
  private static final String OPENAI = "api.openai.com";

  public Interaction {
    responseHeaders =
        responseHeaders.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    header -> List.copyOf(header.getValue())));
  }

  /// The path alone; the query is no part of the match, since clients order it as they like.
  public String path() {
    return uri.getPath();
  }

  public String host() {
    return Optional.ofNullable(uri.getHost()).orElse("");
  }

  public Optional<String> contentType() {
    return responseHeaders.getOrDefault("content-type", List.of()).stream().findFirst();
  }

  public boolean isEventStream() {
    return contentType().orElse("").startsWith("text/event-stream");
  }

  /// Whether request and response are OpenAI's wire. Any host with `…/chat/completions` took that
  /// path from OpenAI together with its shapes; `/embeddings` is a common word whose shapes differ
  /// (Voyage, Cohere), so there the host decides.
  public boolean speaksOpenAi() {
    String path = path();
    boolean openAiOnly = path.endsWith("/v1/completions") || path.endsWith("/v1/embeddings");
    return path.endsWith("/chat/completions") || (openAiOnly && host().equals(OPENAI));
  }
}
