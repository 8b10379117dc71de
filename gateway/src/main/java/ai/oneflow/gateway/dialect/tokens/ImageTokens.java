package ai.oneflow.gateway.dialect.tokens;

/// What one picture can cost in tokens, whatever its size
/// (<https://platform.openai.com/docs/guides/images-vision#calculating-costs>). Such models scale a
/// picture down before they count, to at most 2048 by 768 pixels, which are 8 tiles of 512, or to
/// 1,536 patches of 32 by 32.
final class ImageTokens {
  /// 85 and 170 a tile; `o1`, `o3` and the first `gpt-5` have less.
  private static final long TILES = 85 + 8 * 170;

  /// 2,833 and 5,667 a tile.
  private static final long DEAR_TILES = 2833 + 8 * 5667;

  /// A patch counts 2.46 tokens at most.
  private static final long PATCHES = 3779;

  /// Models of other houses and later ones: the most that was found is Qwen's 16,384
  /// (<https://github.com/QwenLM/Qwen2.5-VL>, `max_pixels`).
  private static final long UNKNOWN = 16_384;

  private ImageTokens() {}

  static long most(String model) {
    if (ModelNames.isOf(model, "gpt-4o-mini")) {
      return DEAR_TILES;
    }
    if (ModelNames.isOf(
        model, "gpt-4.1-mini", "gpt-4.1-nano", "gpt-5-mini", "gpt-5-nano", "o4-mini")) {
      return PATCHES;
    }
    return ModelNames.isOf(model, "gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4-turbo", "o1", "o3")
        ? TILES
        : UNKNOWN;
  }
}
