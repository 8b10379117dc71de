package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Splitting;

/// What the honest answer looks like.
///
/// @param tokens length of the text; 0: as the seed has it, 24 to 64
/// @param toolCalls calls made where the request offers tools; [#AS_ASKED]: one, unless the request
///     forbids it or just brought a tool's result
/// @param seed of text and jitter; 0: from the request, so that the same prompt has the same answer
/// @param closes whether the connection is closed after the answer
public record Shape(int tokens, int toolCalls, Splitting splitting, long seed, boolean closes) {
  public static final int AS_ASKED = -1;
  public static final Shape PLAIN = new Shape(0, AS_ASKED, new Splitting.Events(), 0, false);

  public Shape {
    if (tokens < 0 || tokens > 100_000) {
      throw new IllegalArgumentException("tokens= must be 0..100000, not " + tokens);
    }
    if (toolCalls < AS_ASKED || toolCalls > 16) {
      throw new IllegalArgumentException("tool-calls= must be 0..16, not " + toolCalls);
    }
  }

  Shape with(Splitting other) {
    return new Shape(tokens, toolCalls, other, seed, closes);
  }
}
