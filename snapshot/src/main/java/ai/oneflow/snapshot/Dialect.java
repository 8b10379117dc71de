package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The wire format that a provider speaks.
public enum Dialect {
  @JsonProperty("OpenAI")
  OPENAI("OpenAI"),
  @JsonProperty("AzureOpenAI")
  AZURE_OPENAI("AzureOpenAI"),
  @JsonProperty("Anthropic")
  ANTHROPIC("Anthropic"),
  @JsonProperty("Gemini")
  GEMINI("Gemini"),
  @JsonProperty("VertexAI")
  VERTEX_AI("VertexAI"),
  @JsonProperty("Bedrock")
  BEDROCK("Bedrock"),
  @JsonProperty("Cohere")
  COHERE("Cohere"),
  @JsonProperty("Mistral")
  MISTRAL("Mistral"),
  @JsonProperty("Ollama")
  OLLAMA("Ollama"),
  @JsonProperty("OpenAICompatible")
  OPENAI_COMPATIBLE("OpenAICompatible");

  private final String resourceValue;

  Dialect(String resourceValue) {
    this.resourceValue = resourceValue;
  }

  /// As `spec.dialect` of an LLMProvider spells it.
  public String resourceValue() {
    return resourceValue;
  }
}
