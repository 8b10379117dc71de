package ai.oneflow.gateway.quota;

import ai.oneflow.snapshot.EntryKey;
import java.util.OptionalLong;

/// What was paid in for the keys that spend in advance. Must not block; what was topped up may be
/// seen here some seconds late, never early.
public interface Credits {
  /// The sum of all top-ups of a key, in pico-dollars; 0 where there was none, empty while nobody
  /// knows.
  OptionalLong toppedUp(EntryKey key);
}
