package ai.oneflow.gateway.dialect.tokens;

/// How much a request gives a model to read.
///
/// @param textBytes its bytes as they came, names and brackets included, without inline media
/// @param images how many pictures it holds or points to
/// @param audioBytes inline audio, as base64
/// @param unseen it refers to what cannot be measured here, or lets the provider fetch more: a
///     document, a video, a search
public record PromptSize(long textBytes, int images, long audioBytes, boolean unseen) {

  public PromptSize {
    if (textBytes < 0 || images < 0 || audioBytes < 0) {
      throw new IllegalArgumentException(
          "no size may be negative: " + textBytes + ", " + images + ", " + audioBytes);
    }
  }

  /// A prompt of text alone.
  public static PromptSize ofText(long bytes) {
    return new PromptSize(bytes, 0, 0, false);
  }
}
