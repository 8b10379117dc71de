package ai.oneflow.gateway.dialect.json;

import java.util.Arrays;

/// Recognises JSON texts that differ from one which was read already in nothing but values that are
/// strings: what a stream sends again and again, with other words in it. Such a text need not be
/// scanned: where all names and all other values are the same byte by byte, a [JsonScanner] would
/// say the same of it. Not thread-safe.
///
/// Strings that differ are recognised as long as they have no escapes.
public final class JsonPattern {
  /// Longer texts are not learned.
  public static final int MOST_BYTES = 1024;

  private static final int MOST_STRINGS = 16;

  private final byte[] text = new byte[MOST_BYTES];

  /// By number, of the value's first byte and of its closing quote.
  private final int[] starts = new int[MOST_STRINGS];

  private final int[] ends = new int[MOST_STRINGS];
  private int length;
  private int strings;
  private int wanted;
  private int from;
  private int to;

  /// From now on recognises what is like this text, and nothing else; before that nothing at all.
  ///
  /// @param bytes a text that is complete and JSON, with white space around it as may be
  /// @param size of it, at most [#MOST_BYTES]
  /// @param at index of the opening quote of a value whose text is wanted
  public void learn(byte[] bytes, int size, int at) {
    System.arraycopy(bytes, 0, text, 0, size);
    length = size;
    strings = 0;
    wanted = -1;
    int i = 0;
    while (i < size && strings < MOST_STRINGS) {
      if (text[i] != '"') {
        i++;
        continue;
      }
      int end = closingQuote(i + 1);
      if (!isName(end)) {
        wanted = i == at ? strings : wanted;
        starts[strings] = i + 1;
        ends[strings++] = end;
      }
      i = end + 1;
    }
    if (wanted < 0) {
      strings = 0;
    }
  }

  private int closingQuote(int first) {
    int i = first;
    while (text[i] != '"') {
      i += text[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private boolean isName(int closingQuote) {
    int i = closingQuote + 1;
    while (i < length && text[i] <= ' ') {
      i++;
    }
    return i < length && text[i] == ':';
  }

  /// Whether this text is like the one that was learned, in its first `size` bytes.
  public boolean matches(byte[] bytes, int size) {
    if (strings == 0) {
      return false;
    }
    int i = 0;
    int known = 0;
    for (int string = 0; string < strings; string++) {
      int start = starts[string];
      int begin = i + start - known;
      if (begin > size || !Arrays.equals(bytes, i, begin, text, known, start)) {
        return false;
      }
      int end = endOf(string, bytes, begin, size);
      if (end < 0) {
        return false;
      }
      if (string == wanted) {
        from = begin;
        to = end;
      }
      i = end;
      known = ends[string];
    }
    return Arrays.equals(bytes, i, size, text, known, length);
  }

  /// The closing quote of a string; -1 where only a scanner can tell.
  private int endOf(int string, byte[] bytes, int begin, int size) {
    int same = begin + ends[string] - starts[string];
    if (same < size
        && Arrays.equals(bytes, begin, same + 1, text, starts[string], ends[string] + 1)) {
      return same;
    }
    int end = JsonStrings.plainEnd(bytes, begin, size);
    return end < size && bytes[end] == '"' ? end : -1;
  }

  /// Where the wanted text begins in the one that matched last.
  public int from() {
    return from;
  }

  /// Where it ends.
  public int to() {
    return to;
  }
}
