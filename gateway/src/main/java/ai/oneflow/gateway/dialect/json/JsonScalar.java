package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// A string (unescaped), number, boolean or null that a [JsonScanner] found; reused for the next
/// one. Holds up to [#MAX_BYTES] bytes; of a longer one it only knows that it was longer.
public final class JsonScalar {
  /// Longer than any model name, key or count.
  public static final int MAX_BYTES = 512;

  private byte[] bytes = new byte[32];
  private int length;
  private boolean tooLong;
  private Kind kind = Kind.NULL;

  /// What the value is.
  public enum Kind {
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
  }

  public Kind kind() {
    return kind;
  }

  /// The value was longer than [#MAX_BYTES], so that only its kind is known.
  public boolean tooLong() {
    return tooLong;
  }

  /// The text of a string or the digits of a number.
  public String text() {
    return new String(bytes, 0, length, UTF_8);
  }

  /// A string without characters, or a boolean or null, whose kind says all.
  public boolean isEmpty() {
    return length == 0;
  }

  /// The number if it is a whole one from 0 to 10^18, otherwise -1. `7.0` and `1e3` are not: nobody
  /// counts tokens that way.
  public long wholeNumber() {
    if (kind != Kind.NUMBER || length > 18 || tooLong) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  void begin(Kind kind) {
    this.kind = kind;
    length = 0;
    tooLong = false;
  }

  void append(byte b) {
    if (length == bytes.length) {
      if (length == MAX_BYTES) {
        tooLong = true;
        return;
      }
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = b;
  }

  void append(byte[] source, int from, int to) {
    for (int i = from; i < to; i++) {
      append(source[i]);
    }
  }

  void appendUtf8(int codePoint) {
    if (codePoint < 0x80) {
      append((byte) codePoint);
    } else if (codePoint < 0x800) {
      append((byte) (0xC0 | (codePoint >> 6)));
      append((byte) (0x80 | (codePoint & 0x3F)));
    } else if (codePoint < 0x10000) {
      append((byte) (0xE0 | (codePoint >> 12)));
      append((byte) (0x80 | ((codePoint >> 6) & 0x3F)));
      append((byte) (0x80 | (codePoint & 0x3F)));
    } else {
      append((byte) (0xF0 | (codePoint >> 18)));
      append((byte) (0x80 | ((codePoint >> 12) & 0x3F)));
      append((byte) (0x80 | ((codePoint >> 6) & 0x3F)));
      append((byte) (0x80 | (codePoint & 0x3F)));
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
