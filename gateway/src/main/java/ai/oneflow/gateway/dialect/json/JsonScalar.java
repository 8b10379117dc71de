package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// A string (unescaped), number, boolean or null that a [JsonScanner] found; reused for the next
/// one. Holds up to [#MAX_BYTES] bytes, or as many as its field wants; of a longer one these and
/// its size are known.
public final class JsonScalar {
  /// Longer than any model name, key or count.
  public static final int MAX_BYTES = 512;

  private byte[] bytes = new byte[32];
  private int length;
  private int most = MAX_BYTES;
  private long size;
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

  /// The value was longer than what is held of it.
  public boolean tooLong() {
    return size > length;
  }

  /// Bytes of the whole value, a string's without quotes and escapes.
  public long size() {
    return size;
  }

  /// The text of a string or the digits of a number, or the beginning of one that is too long.
  public String text() {
    return new String(bytes, 0, length, UTF_8);
  }

  /// A string without characters, or a boolean or null, whose kind says all.
  public boolean isEmpty() {
    return size == 0;
  }

  /// Copies what is held of it, as far as there is room, and says how many bytes that were.
  public int copyTo(byte[] into, int at) {
    int copied = Math.min(length, into.length - at);
    System.arraycopy(bytes, 0, into, at, copied);
    return copied;
  }

  /// The number if it is a whole one from 0 to 10^18, otherwise -1. `7.0` and `1e3` are not: nobody
  /// asks for tokens that way.
  public long wholeNumber() {
    return wholeNumber(length);
  }

  /// As [#wholeNumber], and `7.0` is 7: there are writers that know no other numbers.
  public long wholeDecimal() {
    long whole = wholeNumber(length);
    return whole >= 0 ? whole : wholeNumber(length - fractionOfZeros());
  }

  /// How many bytes of it are a point and zeros behind it; zero where something else is.
  private int fractionOfZeros() {
    int at = length - 1;
    while (at > 0 && bytes[at] == '0') {
      at--;
    }
    return at > 0 && bytes[at] == '.' ? length - at : 0;
  }

  private long wholeNumber(int digits) {
    if (kind != Kind.NUMBER || digits > 18 || tooLong()) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /// @param held how many bytes of it are wanted
  void begin(Kind next, int held) {
    kind = next;
    most = held;
    length = 0;
    size = 0;
  }

  void append(byte b) {
    size++;
    if (length < most) {
      reserve(length + 1);
      bytes[length++] = b;
    }
  }

  void append(byte[] source, int from, int to) {
    int taken = Math.min(to - from, most - length);
    size += to - from;
    if (taken > 0) {
      reserve(length + taken);
      System.arraycopy(source, from, bytes, length, taken);
      length += taken;
    }
  }

  private void reserve(int needed) {
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
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
