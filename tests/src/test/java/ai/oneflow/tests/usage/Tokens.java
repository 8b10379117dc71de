package ai.oneflow.tests.usage;

import ai.oneflow.gateway.dialect.Usage;
import java.util.Map;
import java.util.Optional;

/// The figures that both sides tell apart: cached tokens, those written to a cache and audio are
/// within their whole, and cached audio is cached.
///
/// @param cachedAudio those of `cached` that were audio, where the table tells them apart; zero for
///     what the gateway read
record Tokens(
    long input,
    long cached,
    long written,
    long audioInput,
    long output,
    long audioOutput,
    long cachedAudio) {

  static Tokens of(Usage usage) {
    return new Tokens(
        usage.inputTokens(),
        usage.cachedInputTokens(),
        usage.cacheWrite5mTokens() + usage.cacheWrite1hTokens(),
        usage.audioInputTokens(),
        usage.outputTokens(),
        usage.audioOutputTokens(),
        0);
  }

  /// @param sums by the names of the table
  static Tokens of(Map<String, Long> sums) {
    long cachedAudio = sums.getOrDefault("cache_audio_read_tokens", 0L);
    return new Tokens(
        sums.getOrDefault("input_tokens", 0L),
        sums.getOrDefault("cache_read_tokens", 0L),
        sums.getOrDefault("cache_write_tokens", 0L),
        sums.getOrDefault("input_audio_tokens", 0L) - cachedAudio,
        sums.getOrDefault("output_tokens", 0L),
        sums.getOrDefault("output_audio_tokens", 0L),
        cachedAudio);
  }

  /// In few words, as the page of disagreements has them.
  static String shown(Optional<Tokens> figures) {
    return figures.map(Tokens::shown).orElse("none");
  }

  private String shown() {
    StringBuilder text = new StringBuilder("input " + input);
    part(text, "cached", cached);
    part(text, "written", written);
    part(text, "audio", audioInput);
    text.append(", output ").append(output);
    part(text, "audio", audioOutput);
    return text.toString();
  }

  private static void part(StringBuilder text, String name, long tokens) {
    if (tokens > 0) {
      text.append(" (").append(name).append(' ').append(tokens).append(')');
    }
  }

  /// As the gateway would tell it: without what it does not tell apart.
  Tokens asRead() {
    return new Tokens(input, cached, written, audioInput, output, audioOutput, 0);
  }
}
