package ai.oneflow.gateway.config.push;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyUses;
import ai.oneflow.snapshot.KeyUses.Use;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When keys were used last: what the operator is to be told, of each key once a minute at most and
/// once on each new connection. So what it knows may be a minute behind, and no more is asked of
/// it.
///
/// Any thread may report, at the cost of a look-up.
public final class UseReports {
  private static final int MOST_KEYS = 100_000;
  private static final long STEP_MILLIS = 1_000;
  private static final long TOLD_EVERY_MILLIS = 60_000;

  private final Map<EntryKey, Long> latest = new ConcurrentHashMap<>();

  /// On the thread of the push client alone.
  private final Map<EntryKey, Long> told = new HashMap<>();

  /// A caller has come with a key.
  ///
  /// @param millis since 1970
  public void used(EntryKey key, long millis) {
    Long former = latest.get(key);
    boolean news = former == null ? latest.size() < MOST_KEYS : millis - former >= STEP_MILLIS;
    if (news) {
      latest.put(key, millis);
    }
  }

  /// There is a new connection, whose other end may know nothing.
  void connected() {
    told.clear();
  }

  /// What to say in this round. It counts as told.
  Optional<KeyUses> take() {
    List<Use> uses =
        latest.entrySet().stream()
            .filter(use -> isNews(use.getKey(), use.getValue()))
            .limit(KeyUses.MOST)
            .map(use -> say(use.getKey(), use.getValue()))
            .toList();
    return uses.isEmpty() ? Optional.empty() : Optional.of(new KeyUses(uses));
  }

  private boolean isNews(EntryKey key, long millis) {
    Long former = told.get(key);
    return former == null || millis - former >= TOLD_EVERY_MILLIS;
  }

  private Use say(EntryKey key, long millis) {
    told.put(key, millis);
    return new Use(key.namespace(), key.name(), Instant.ofEpochMilli(millis));
  }
}
