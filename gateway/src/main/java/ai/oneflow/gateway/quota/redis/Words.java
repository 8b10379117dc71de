package ai.oneflow.gateway.quota.redis;

import java.nio.charset.StandardCharsets;

/// Reads words with a blank between them.
final class Words {
  private static final int DECIMAL = 10;

  private final byte[] bytes;
  private int at;

  Words(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  /// The next word; empty at the end.
  String word() {
    int from = at;
    while (at < bytes.length && bytes[at] != ' ') {
      at++;
    }
    String word = new String(bytes, from, at - from, StandardCharsets.UTF_8);
    at++;
    return word;
  }

  /// The next word as a number. One that does not fit is the largest: not for what is to be
  /// subtracted or added to again.
  long number() {
    boolean negative = at < bytes.length && bytes[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    while (at < bytes.length && bytes[at] != ' ') {
      int digit = bytes[at++] - '0';
      value = value > (Long.MAX_VALUE - digit) / DECIMAL ? Long.MAX_VALUE : value * DECIMAL + digit;
    }
    at++;
    return negative ? -value : value;
  }
}
