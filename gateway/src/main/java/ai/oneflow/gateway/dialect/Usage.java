package ai.oneflow.gateway.dialect;

/// What a provider says that a request used: tokens, and what is counted by other units.
///
/// Parts are counted within their whole whatever the dialect's own habit: cached and cache-write
/// tokens are part of `inputTokens` (OpenAI counts so; Anthropic does not and is converted), audio
/// is part of its side, and reasoning is part of `outputTokens`. No value is negative.
///
/// @param inputTokens all tokens of the prompt
/// @param cachedInputTokens those of them read from the provider's cache
/// @param cacheWrite5mTokens those of them written to a cache that lives for five minutes
/// @param cacheWrite1hTokens those of them written to a cache that lives for an hour
/// @param audioInputTokens those of them that were audio
/// @param outputTokens all tokens of the completion
/// @param reasoningTokens those of them that were reasoning
/// @param audioOutputTokens those of them that were audio
/// @param images that were made
/// @param characters of text that was spoken
/// @param audioMillis of sound that was heard, in milliseconds
public record Usage(
    long inputTokens,
    long cachedInputTokens,
    long cacheWrite5mTokens,
    long cacheWrite1hTokens,
    long audioInputTokens,
    long outputTokens,
    long reasoningTokens,
    long audioOutputTokens,
    long images,
    long characters,
    long audioMillis) {

  /// Nothing was used.
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0);

  /// Of input and output together, which no limit on tokens can hold more of than 63 bits.
  public long totalTokens() {
    long sum = inputTokens + outputTokens;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  public Usage {
    if ((inputTokens
            | cachedInputTokens
            | cacheWrite5mTokens
            | cacheWrite1hTokens
            | audioInputTokens
            | outputTokens
            | reasoningTokens
            | audioOutputTokens
            | images
            | characters
            | audioMillis)
        < 0) {
      throw new IllegalArgumentException("nothing that was used may be negative");
    }
  }

  /// Tokens alone.
  public Usage(
      long inputTokens,
      long cachedInputTokens,
      long cacheWrite5mTokens,
      long cacheWrite1hTokens,
      long audioInputTokens,
      long outputTokens,
      long reasoningTokens,
      long audioOutputTokens) {
    this(
        inputTokens,
        cachedInputTokens,
        cacheWrite5mTokens,
        cacheWrite1hTokens,
        audioInputTokens,
        outputTokens,
        reasoningTokens,
        audioOutputTokens,
        0,
        0,
        0);
  }

  /// Whether anything was counted that is not a token.
  public boolean hasUnits() {
    return (images | characters | audioMillis) != 0;
  }

  /// What both used together.
  ///
  /// @throws ArithmeticException where a sum does not fit 64 bits
  public Usage plus(Usage other) {
    return new Usage(
        Math.addExact(inputTokens, other.inputTokens),
        Math.addExact(cachedInputTokens, other.cachedInputTokens),
        Math.addExact(cacheWrite5mTokens, other.cacheWrite5mTokens),
        Math.addExact(cacheWrite1hTokens, other.cacheWrite1hTokens),
        Math.addExact(audioInputTokens, other.audioInputTokens),
        Math.addExact(outputTokens, other.outputTokens),
        Math.addExact(reasoningTokens, other.reasoningTokens),
        Math.addExact(audioOutputTokens, other.audioOutputTokens),
        Math.addExact(images, other.images),
        Math.addExact(characters, other.characters),
        Math.addExact(audioMillis, other.audioMillis));
  }
}
