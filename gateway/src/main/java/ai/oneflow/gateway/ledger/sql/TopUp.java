package ai.oneflow.gateway.ledger.sql;

/// Credits that were paid in for a key.
///
/// @param reference what the payment is known by elsewhere; one key has each reference once
/// @param picoDollars more than none
/// @param atMillis when it was written down, in milliseconds since 1970
/// @param by who wrote it down
/// @param comment empty where there is none
public record TopUp(
    KeyName key, String reference, long picoDollars, long atMillis, String by, String comment) {
  private static final int MOST_CHARACTERS = 512;

  /// An ApiKey's name, never the key itself.
  public record KeyName(String namespace, String name) {

    public KeyName {
      text("a key's namespace", namespace, 1);
      text("a key's name", name, 1);
    }

    /// Understands `namespace/name`.
    public static KeyName parse(String text) {
      int slash = text.indexOf('/');
      if (slash < 1 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
        throw new IllegalArgumentException("write a key as namespace/name, not " + text);
      }
      return new KeyName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  public TopUp {
    text("a reference", reference, 1);
    text("who tops up", by, 0);
    text("a comment", comment, 0);
    if (picoDollars <= 0) {
      throw new IllegalArgumentException("a top-up must be more than nothing");
    }
  }

  private static void text(String what, String value, int least) {
    if (value.length() < least || value.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          what + " must have " + least + " to " + MOST_CHARACTERS + " characters");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(what + " must be one line of text");
    }
  }
}
