package ai.oneflow.gateway.dialect;

/// What a caller can ask for of a model: an API and its path.
public enum Surface {
  CHAT_COMPLETIONS("chat.completions", "/chat/completions"),
  COMPLETIONS("completions", "/completions"),
  EMBEDDINGS("embeddings", "/embeddings");

  private final String label;
  private final String path;

  Surface(String label, String path) {
    this.label = label;
    this.path = path;
  }

  /// As metrics and the ledger name it.
  public String label() {
    return label;
  }

  /// The path below `/v1` here and below the endpoint at a provider of OpenAI's dialect.
  public String path() {
    return path;
  }
}
