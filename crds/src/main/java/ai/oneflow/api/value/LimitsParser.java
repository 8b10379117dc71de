package ai.oneflow.api.value;

import ai.oneflow.api.value.Limits.Limit;
import ai.oneflow.api.value.Limits.Per;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads the language of limits, a character after the other, so that it can say at which one it
/// stopped. Lives for one text.
final class LimitsParser {
  private static final String WINDOWS = "second, minute, hour, day, week or month";

  private final String text;
  private int at;

  LimitsParser(String text) {
    this.text = text;
  }

  Limits parse() {
    if (text.length() > Limits.LONGEST) {
      throw error(Limits.LONGEST, "limits have at most " + Limits.LONGEST + " characters");
    }
    List<Limit> all = new ArrayList<>();
    all.add(limit(all));
    while (at < text.length()) {
      if (peek() != ';' && peek() != ',') {
        throw expected(at, "; or , before the next limit");
      }
      at++;
      all.add(limit(all));
    }
    return new Limits(all);
  }

  private Limit limit(List<Limit> before) {
    blanks();
    long amount = amount();
    blanks();
    if (peek() != '/') {
      throw expected(at, "/ and a window, as in 100/hour");
    }
    at++;
    blanks();
    int began = at;
    Per per = per();
    if (before.stream().anyMatch(limit -> limit.per() == per)) {
      throw error(began, per.word() + " is limited once already; leave the smaller limit");
    }
    blanks();
    return new Limit(amount, per);
  }

  private long amount() {
    int began = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == began) {
      throw expected(began, "a number, as in 100/hour");
    }
    if (at - began > Limits.DIGITS) {
      throw error(began, "a number has at most " + Limits.DIGITS + " digits");
    }
    return Long.parseLong(text, began, at, 10);
  }

  private Per per() {
    int began = at;
    while (Character.isLetterOrDigit(peek())) {
      at++;
    }
    String word = text.substring(began, at);
    Optional<Per> found =
        Arrays.stream(Per.values())
            .filter(per -> word.equals(per.word()) || word.equals(per.word() + "s"))
            .findFirst();
    return found.orElseThrow(() -> expected(began, "one of " + WINDOWS));
  }

  private void blanks() {
    while (peek() == ' ') {
      at++;
    }
  }

  /// A zero, which nothing accepts, behind the end.
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private IllegalArgumentException expected(int where, String what) {
    return error(where, "expected " + what + ", not " + found(where));
  }

  /// The word there, or the character where no word begins.
  private String found(int where) {
    int end = where;
    while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
      end++;
    }
    int least = Math.min(text.length(), where + 1);
    return where == text.length()
        ? "the end"
        : "'" + text.substring(where, Math.max(end, least)) + "'";
  }

  /// Counted from 1, as editors do; the mark stands before the character that is meant.
  private IllegalArgumentException error(int where, String problem) {
    return new IllegalArgumentException(
        "at character "
            + (where + 1)
            + ": "
            + problem
            + ": '"
            + text.substring(0, where)
            + "^"
            + text.substring(where)
            + "'");
  }
}
