package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests that have not settled, and what they have booked. Not thread-safe.
final class Holds {
  private final Map<Hold, Live> live = new HashMap<>();

  /// Hears what one request has booked of one limit.
  interface Booked {
    void at(Limit limit, long place, long held);
  }

  void add(Hold hold, Live how) {
    live.put(hold, how);
  }

  /// Returns what was remembered of the hold.
  Live remove(Hold hold) {
    Live was = live.remove(hold);
    return was == null ? Live.PLAIN : was;
  }

  boolean isEmpty() {
    return live.isEmpty();
  }

  /// Notes that the hold's progress is in the lease; false where it has settled meanwhile.
  boolean mark(Hold hold, String checkpoint) {
    return live.computeIfPresent(hold, (_, was) -> new Live(was.alone(), Optional.of(checkpoint)))
        != null;
  }

  void each(Booked each) {
    for (Hold hold : live.keySet()) {
      List<Limit> limits = hold.ask().limits();
      for (int i = 0; i < limits.size(); i++) {
        if (hold.place(i) != Hold.NOWHERE) {
          each.at(limits.get(i), hold.place(i), hold.ask().of(limits.get(i)));
        }
      }
    }
  }
}
