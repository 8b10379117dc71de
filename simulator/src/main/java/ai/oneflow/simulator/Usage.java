package ai.oneflow.simulator;

import java.nio.charset.StandardCharsets;

/// What an answer consumed, in OpenAI's words. The simulator's rule: a text that comes in is one
/// token for each started four bytes of UTF-8, 3 more for each message and 3 for the answer's
/// start; a text that goes out is one token for each word or mark, which is each delta of a stream.
///
/// @param cachedTokens part of `promptTokens`
/// @param reasoningTokens part of `completionTokens`
public record Usage(int promptTokens, int completionTokens, int cachedTokens, int reasoningTokens) {
  static final Usage NOTHING = new Usage(0, 0, 0, 0);

  public int totalTokens() {
    return promptTokens + completionTokens;
  }

  Usage withCompletion(int tokens) {
    return new Usage(promptTokens, tokens, cachedTokens, reasoningTokens);
  }

  static int tokensOf(String incoming) {
    int bytes = incoming.getBytes(StandardCharsets.UTF_8).length;
    return (bytes + 3) / 4;
  }
}
