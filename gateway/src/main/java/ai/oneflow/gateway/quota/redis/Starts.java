package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.Map;
import java.util.Optional;

/// From which start each lasting limit is counted. Not thread-safe: the desk's lock guards it.
///
/// A start names the counters of limits that came to the fleet together, so that what was counted
/// for a limit of the same name earlier does not get in the way.
final class Starts {
  /// That of limits which counters had from the beginning of their epoch.
  static final String FIRST = "-";

  /// In the place of one that is not known.
  static final String UNKNOWN = "?";

  /// In a start, of a gateway: it may have used what the counters were not told of.
  static final String UNTOLD = "p";

  /// All that it used was told, and what it uses now it counts by itself.
  static final String ALL = "f";

  /// In the place of a gateway: there is one that all was told of.
  static final String ANYBODY = "@";

  /// Whether there are limits that nobody knows the start of.
  private boolean told;

  private Map<String, Known> known = Map.of();

  /// @param start that the limit is counted from
  /// @param open whether its counters have all that is to be counted before the limit can be used
  record Known(String start, boolean open) {
    Counter.State state() {
      return open ? Counter.State.OPEN : Counter.State.CLOSED;
    }
  }

  /// Those are known by their marks, and no others.
  void tell(Map<String, Known> marks) {
    told = true;
    known = Map.copyOf(marks);
  }

  /// Counters are written anew, with all that there is.
  void forget() {
    told = false;
    known = Map.of();
  }

  /// Empty: it is not known yet.
  Optional<Known> of(String mark) {
    if (!told || mark.isEmpty()) {
      return Optional.of(new Known(FIRST, true));
    }
    return Optional.ofNullable(known.get(mark));
  }

  /// What [Counter#mark] says of a limit: empty where it does not last.
  static String mark(Limit limit) {
    return limit.isLasting() ? limit.mark() : "";
  }
}
