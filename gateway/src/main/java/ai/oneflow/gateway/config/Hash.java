package ai.oneflow.gateway.config;

/// A hash of texts that is the same in every gateway and spreads over all 64 bits: FNV-1a
/// (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>) and the finish of SplitMix64
/// (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
public final class Hash {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  public static long of(CharSequence text) {
    long hash = OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mixed(hash);
  }

  /// Each bit of the result depends on each of the value.
  public static long mixed(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
