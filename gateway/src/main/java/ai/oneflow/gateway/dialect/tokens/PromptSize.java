package ai.oneflow.gateway.dialect.tokens;

/// How much a request gives a model to read.
///
/// @param textBytes its bytes as they came, names and brackets included, without inline media: what
///     a bound goes by
/// @param readBytes those of them that a model gets to read, without escapes: contents, tools and
///     calls of them, and four for each token of a prompt of tokens: what an estimate goes by
/// @param messages of a chat
/// @param images how many pictures it holds or points to
/// @param audioBytes inline audio, as base64
/// @param unseen it refers to what cannot be measured here, or lets the provider fetch more: a
///     document, a video, a search
public record PromptSize(
    long textBytes, long readBytes, int messages, int images, long audioBytes, boolean unseen) {

  public PromptSize {
    if (textBytes < 0 || readBytes < 0 || messages < 0 || images < 0 || audioBytes < 0) {
      throw new IllegalArgumentException("no size may be negative");
    }
  }

  /// A prompt that is text and nothing else.
  public static PromptSize ofText(long bytes) {
    return new PromptSize(bytes, bytes, 0, 0, 0, false);
  }

  /// The same prompt where a tokenizer has counted some of its text.
  public PromptSize with(TextTokens counted) {
    return new PromptSize(
        Math.max(0, textBytes - counted.bytes()) + counted.tokens(),
        readBytes,
        messages,
        images,
        audioBytes,
        unseen);
  }
}
