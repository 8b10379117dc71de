package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span.Bounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which thresholds were told of, as far as this gateway knows: Redis is not asked about them
/// again, and learns of them when it has lost what it knew. Not thread-safe.
final class Thresholds {
  private final Map<String, Told> byLimit = new HashMap<>();

  /// Those of one limit's counter in its latest period: by their percentages how much they were.
  static final class Told {
    private Bounds period = new Bounds(Long.MIN_VALUE, Long.MIN_VALUE);
    private final Map<Integer, Long> amounts = new HashMap<>(2);

    /// The percentages of which nobody has told in this period as far as is known.
    List<Integer> untold(Limit limit, Bounds now) {
      if (amounts.isEmpty() || now.start() != period.start()) {
        return limit.warnAt();
      }
      List<Integer> untold = new ArrayList<>();
      for (int percent : limit.warnAt()) {
        if (amounts.getOrDefault(percent, 0L) < Crossing.threshold(limit, percent)) {
          untold.add(percent);
        }
      }
      return untold;
    }

    void add(Bounds of, int percent, long amount) {
      if (of.start() > period.start()) {
        amounts.clear();
        period = of;
      }
      if (of.start() == period.start()) {
        amounts.merge(percent, amount, Math::max);
      }
    }

    private boolean isOver(long nowMillis) {
      return amounts.isEmpty() || period.end() <= nowMillis;
    }
  }

  /// @param limit the name of the limit's counter
  /// @param period that it was told in
  record Note(String limit, Bounds period, Map<Integer, Long> amounts) {}

  Told of(String limit) {
    return byLimit.computeIfAbsent(limit, _ -> new Told());
  }

  /// All that still matters.
  List<Note> notes(long nowMillis) {
    List<Note> notes = new ArrayList<>();
    byLimit.forEach(
        (limit, told) -> {
          if (!told.isOver(nowMillis)) {
            notes.add(new Note(limit, told.period, Map.copyOf(told.amounts)));
          }
        });
    return notes;
  }

  void prune(long nowMillis) {
    byLimit.values().removeIf(told -> told.isOver(nowMillis));
  }
}
