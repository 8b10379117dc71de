package ai.oneflow.gateway.quota.memory;

/// Some sums of amounts, each exact however large it grows: what was added can be taken off again.
/// An upper bound that one request asks for may be as large as a number can be, and several of them
/// may be under way. Not thread-safe.
final class Sums {
  private final long[] rests;

  /// How many times 2^63 each sum has beyond its rest, which cannot be so large; made for the first
  /// that has.
  private long[] units = new long[0];

  /// @param size how many, all of them 0
  Sums(int size) {
    rests = new long[size];
  }

  /// The sum, or the largest number where it does not fit.
  long get(int at) {
    return units(at) > 0 ? Long.MAX_VALUE : rests[at];
  }

  /// @param amount not negative
  void add(int at, long amount) {
    long rest = rests[at] + amount;
    if (rest < 0) {
      rest ^= Long.MIN_VALUE;
      carry(at, 1);
    }
    rests[at] = rest;
  }

  /// Takes off what was added; what is more than the sum leaves nothing.
  ///
  /// @param amount not negative
  void take(int at, long amount) {
    long rest = rests[at] - amount;
    if (rest < 0 && units(at) > 0) {
      rest ^= Long.MIN_VALUE;
      carry(at, -1);
    }
    rests[at] = Math.max(rest, 0);
  }

  /// Takes all of one sum off another, which holds it.
  void clear(int at, int from) {
    take(from, rests[at]);
    carry(from, -units(at));
    clear(at);
  }

  void clear(int at) {
    carry(at, -units(at));
    rests[at] = 0;
  }

  private long units(int at) {
    return units.length == 0 ? 0 : units[at];
  }

  private void carry(int at, long more) {
    if (more != 0) {
      units = units.length == 0 ? new long[rests.length] : units;
      units[at] += more;
    }
  }
}
