package ai.oneflow.gateway.ledger;

/// What a text must satisfy to be written down. It is checked when configuration is compiled, so
/// that no event is ever refused by the journal or by SQL for its texts.
final class Text {
  static final int MOST_CHARACTERS = 512;

  private Text() {}

  /// Returns the text; PostgreSQL stores no NUL, and a frame of the journal has a bound.
  static String checked(String what, String value) {
    if (value.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          what + " must have at most " + MOST_CHARACTERS + " characters, not " + value.length());
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " must not hold a NUL character");
    }
    return value;
  }
}
