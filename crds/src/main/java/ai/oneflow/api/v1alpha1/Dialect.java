package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.Optional;

/// The wire format that a provider speaks.
public enum Dialect {
  @JsonProperty("OpenAI")
  OPENAI("OpenAI", "https://api.openai.com/v1"),
  @JsonProperty("AzureOpenAI")
  AZURE_OPENAI("AzureOpenAI", ""),
  @JsonProperty("Anthropic")
  ANTHROPIC("Anthropic", "https://api.anthropic.com/v1"),
  @JsonProperty("Gemini")
  GEMINI("Gemini", "https://generativelanguage.googleapis.com/v1beta"),
  @JsonProperty("VertexAI")
  VERTEX_AI("VertexAI", ""),
  @JsonProperty("Bedrock")
  BEDROCK("Bedrock", ""),
  @JsonProperty("Cohere")
  COHERE("Cohere", "https://api.cohere.com/v2"),
  @JsonProperty("Mistral")
  MISTRAL("Mistral", "https://api.mistral.ai/v1"),
  @JsonProperty("Ollama")
  OLLAMA("Ollama", ""),
  @JsonProperty("OpenAICompatible")
  OPENAI_COMPATIBLE("OpenAICompatible", "");

  private final String text;
  private final String endpoint;

  Dialect(String text, String endpoint) {
    this.text = text;
    this.endpoint = endpoint;
  }

  /// As a manifest spells it.
  public String text() {
    return text;
  }

  /// Where the provider's API is for everybody; empty where each account has its own address.
  public Optional<URI> defaultEndpoint() {
    return endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint));
  }
}
