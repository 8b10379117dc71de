package ai.oneflow.operator.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What people are told of a key that was made. It is read off the Secret, so whoever does not know
/// whether the write of it succeeded tells the same as who does.
///
/// @param id of the key, for as long as it is told of; says nothing of the key
/// @param shown its beginning
/// @param formerUntil when the one before it ends; empty: there was none
public record MadeKey(String id, String shown, Optional<Instant> formerUntil) {
  private static final int ID_CHARACTERS = 10;

  /// Of older ones nobody is told: events are kept for an hour by default, and an operator that
  /// starts must not tell of all keys that there are. Longer than any answer is waited for.
  static final Duration RECENT = Duration.ofMinutes(10);

  static MadeKey of(MintedKey key, KeyHistory history) {
    return new MadeKey(
        key.sha256().substring(0, ID_CHARACTERS),
        key.shown(),
        history.formers().stream().findFirst().map(FormerKey::until));
  }

  static Optional<MadeKey> recent(MintedKey key, KeyHistory history, Instant now) {
    return history.mintedAt().plus(RECENT).isAfter(now)
        ? Optional.of(of(key, history))
        : Optional.empty();
  }
}
