package ai.oneflow.operator.keys;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// A key that another one took the place of. Its plaintext is kept nowhere.
///
/// @param sha256 as of [MintedKey#sha256()]
/// @param until when it ends; what happens at that moment or later is refused
public record FormerKey(String sha256, Instant until) {
  private static final String SEPARATOR = "@";
  private static final String HASH = "[0-9a-f]{64}";

  /// Later than this is a slip, and no time that every party here can count to.
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  String text() {
    return sha256 + SEPARATOR + until;
  }

  /// Reads [#text()]; empty where it is none: a key of which nobody knows how long it is good is
  /// not.
  static Optional<FormerKey> parse(String text) {
    String[] parts = text.strip().split(SEPARATOR, 2);
    return parts.length == 2 && parts[0].matches(HASH)
        ? instant(parts[1]).map(until -> new FormerKey(parts[0], until))
        : Optional.empty();
  }

  /// A time that people may have changed; empty where it is none.
  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text)).filter(at -> at.isBefore(LATEST));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
