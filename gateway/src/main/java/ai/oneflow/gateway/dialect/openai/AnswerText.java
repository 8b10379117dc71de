package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.dialect.json.JsonScalar;
import java.util.Arrays;

/// The beginning of what a model writes in a stream, kept for a tokenizer to count where the
/// provider gives no figures in the end. Not thread-safe.
public final class AnswerText {
  /// Some 2,000 tokens: what follows has about as many tokens a byte.
  static final int MOST_BYTES = 8 << 10;

  private static final int FIRST_BYTES = 512;

  private byte[] bytes = new byte[0];
  private int length;

  void add(JsonScalar value) {
    if (hasRoomFor(value.size())) {
      length += value.copyTo(bytes, length);
    }
  }

  void add(byte[] source, int from, int to) {
    if (hasRoomFor((long) to - from)) {
      int copied = Math.min(to - from, bytes.length - length);
      System.arraycopy(source, from, bytes, length, copied);
      length += copied;
    }
  }

  /// Makes room for so much, or for as much of it as is kept.
  private boolean hasRoomFor(long size) {
    if (length == MOST_BYTES) {
      return false;
    }
    long needed = Math.min(MOST_BYTES, length + size);
    if (needed > bytes.length) {
      int twice = Math.min(MOST_BYTES, Math.max(FIRST_BYTES, 2 * bytes.length));
      bytes = Arrays.copyOf(bytes, Math.max((int) needed, twice));
    }
    return true;
  }

  /// A character that is cut at the end is replaced.
  @Override
  public String toString() {
    return new String(bytes, 0, length, UTF_8);
  }
}
