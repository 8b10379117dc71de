package ai.oneflow.cli.key;

import java.time.Duration;
import java.time.Instant;

/// Why a key is to be replaced before long, or that it is not.
public sealed interface Due {
  /// Its `rotation.every` comes round.
  record Replacement(Instant at) implements Due {}

  /// The ApiKey as a whole ends then, which another key in its Secret does not change.
  record End(Instant at) implements Due {}

  /// Not within the time asked about.
  record Not() implements Due {}

  /// What of it comes within a time; a key that is out of force already is not due.
  static Due of(KeyState state, Duration within) {
    Instant until = state.now().plus(within);
    if (state.isSuspended() || state.hasEnded()) {
      return new Not();
    }
    if (state.ends().filter(end -> end.isBefore(until)).isPresent()) {
      return new End(state.ends().orElseThrow());
    }
    return state
        .replaced()
        .filter(at -> at.isBefore(until))
        .<Due>map(Replacement::new)
        .orElseGet(Not::new);
  }
}
