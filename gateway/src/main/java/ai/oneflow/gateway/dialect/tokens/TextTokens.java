package ai.oneflow.gateway.dialect.tokens;

/// What a tokenizer found in texts.
///
/// @param bytes of the texts in UTF-8
/// @param tokens never more than bytes
public record TextTokens(long bytes, long tokens) {
  /// Nothing was counted.
  public static final TextTokens NONE = new TextTokens(0, 0);
}
