package ai.oneflow.gateway.dialect.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads the inside of one JSON string, up to and with its closing quote, across buffers.
final class JsonStrings {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  enum Progress {
    OPEN,
    CLOSED,
    INVALID
  }

  private final JsonScalar token;
  private boolean capture;
  private boolean escaped;
  private int hexDigitsLeft;
  private int codeUnit;
  private int highSurrogate;
  private Progress progress = Progress.OPEN;
  private String problem = "";

  JsonStrings(JsonScalar token) {
    this.token = token;
  }

  void begin(boolean capture) {
    this.capture = capture;
    escaped = false;
    hexDigitsLeft = 0;
    highSurrogate = 0;
    progress = Progress.OPEN;
  }

  Progress progress() {
    return progress;
  }

  String problem() {
    return problem;
  }

  /// Reads on and returns the index behind the last byte that was read, or of the byte at fault.
  int scan(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (hexDigitsLeft > 0 || escaped) {
        if (!escape(bytes[at])) {
          return at;
        }
        at++;
        continue;
      }
      int end = plainEnd(bytes, at, to);
      if (capture && end > at) {
        flushSurrogate();
        token.append(bytes, at, end);
      }
      if (end == to) {
        return to;
      }
      at = special(bytes[end], end);
      if (progress != Progress.OPEN) {
        return at;
      }
    }
    return at;
  }

  private int special(byte b, int at) {
    if (b == '"') {
      flushSurrogate();
      progress = Progress.CLOSED;
      return at + 1;
    }
    if (b == '\\') {
      escaped = true;
      return at + 1;
    }
    fail("a control character in a string");
    return at;
  }

  private boolean escape(byte b) {
    if (hexDigitsLeft > 0) {
      return hexDigit(b);
    }
    escaped = false;
    if (b == 'u') {
      hexDigitsLeft = 4;
      codeUnit = 0;
      return true;
    }
    int plain = "\"\\/bfnrt".indexOf(b);
    if (plain < 0) {
      return fail("an unknown escape in a string");
    }
    flushSurrogate();
    if (capture) {
      token.append((byte) "\"\\/\b\f\n\r\t".charAt(plain));
    }
    return true;
  }

  private boolean hexDigit(byte b) {
    int digit = Character.digit(b, 16);
    if (digit < 0) {
      return fail("four hexadecimal digits expected after \\u");
    }
    codeUnit = (codeUnit << 4) | digit;
    if (--hexDigitsLeft == 0) {
      codeUnit((char) codeUnit);
    }
    return true;
  }

  private void codeUnit(char unit) {
    if (highSurrogate != 0 && Character.isLowSurrogate(unit)) {
      int codePoint = Character.toCodePoint((char) highSurrogate, unit);
      highSurrogate = 0;
      if (capture) {
        token.appendUtf8(codePoint);
      }
      return;
    }
    flushSurrogate();
    if (Character.isHighSurrogate(unit)) {
      highSurrogate = unit;
    } else if (capture) {
      token.appendUtf8(Character.isLowSurrogate(unit) ? 0xFFFD : unit);
    }
  }

  /// A high surrogate without its low half stands for no character; readers put U+FFFD in its
  /// place.
  private void flushSurrogate() {
    if (highSurrogate != 0) {
      highSurrogate = 0;
      if (capture) {
        token.appendUtf8(0xFFFD);
      }
    }
  }

  private boolean fail(String what) {
    problem = what;
    progress = Progress.INVALID;
    return false;
  }

  /// The index of the first quote, backslash or control character, or `to`; eight bytes a step.
  static int plainEnd(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long quote = word ^ (ONES * '"');
      long backslash = word ^ (ONES * '\\');
      long found =
          (((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash)
                  | ((word - ONES * 0x20) & ~word))
              & HIGHS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xFF) >= 0x20) {
      at++;
    }
    return at;
  }
}
