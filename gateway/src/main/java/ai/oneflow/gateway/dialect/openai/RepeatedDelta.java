package ai.oneflow.gateway.dialect.openai;

import ai.oneflow.gateway.dialect.json.JsonPattern;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Knows the events of a stream by the last one that was read: most of them say what that one says,
/// with another text, and are not scanned then. Goes by events that come in one piece; one at a
/// time. Not thread-safe.
final class RepeatedDelta {
  /// A stream whose events are never alike is not looked at for ever.
  private static final int MOST_IN_VAIN = 8;

  private final JsonPattern pattern = new JsonPattern();
  private final OpenAiUsageReader scanner;
  private final byte[] bytes = new byte[JsonPattern.MOST_BYTES];
  private int length;
  private boolean begun;
  private boolean whole;
  private boolean matched;
  private boolean kept;
  private int learnedInVain;

  /// @param scanner reads the events that are not known
  RepeatedDelta(OpenAiUsageReader scanner) {
    this.scanner = scanner;
  }

  /// Takes bytes of an event; where there are more, what came before is scanned after all.
  void read(ByteBuf piece, int from, int to) {
    if (begun) {
      scanAfterAll();
    } else {
      begins(piece, from, to);
    }
    if (!matched) {
      scanner.read(piece.slice(from, to - from));
    }
  }

  private void scanAfterAll() {
    if (matched) {
      scanner.read(bytes, length);
    }
    matched = false;
    whole = false;
  }

  private void begins(ByteBuf piece, int from, int to) {
    begun = true;
    length = to - from;
    whole = length <= bytes.length && learnedInVain < MOST_IN_VAIN;
    if (whole) {
      piece.getBytes(from, bytes, 0, length);
      matched = pattern.matches(bytes, length);
    }
  }

  /// The event has ended, and was taken as far as it has room. Another may begin.
  void ends() {
    if (!matched) {
      long at = whole && scanner.complete() ? scanner.soleText() : -1;
      if (at >= 0) {
        pattern.learn(bytes, length, (int) at);
        kept = scanner.keepsSoleText();
        learnedInVain++;
      }
      scanner.reset();
    }
    begun = false;
    matched = false;
    whole = false;
  }

  /// Whether the event that has come is one that was not scanned.
  boolean matched() {
    return matched;
  }

  /// What the model wrote in that; bytes.
  int size() {
    return pattern.to() - pattern.from();
  }

  /// It is part of the answer.
  void take(@Nullable AnswerText text) {
    learnedInVain = 0;
    if (kept && text != null) {
      text.add(bytes, pattern.from(), pattern.to());
    }
  }
}
