package ai.oneflow.gateway.ledger.journal;

/// Eight bytes of the journal that are overwritten in place while a request is on its way, so that
/// no checksum of a frame can cover them: a number of tokens, and a check of it in the lowest two
/// bytes. Zero is no tokens.
final class ProgressWord {
  private static final int CHECK_BITS = 16;
  private static final int TOKEN_BITS = Long.SIZE - CHECK_BITS - 1;
  private static final long MOST = (1L << TOKEN_BITS) - 1;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private ProgressWord() {}

  /// Negative numbers are taken as none; nothing produces more than 2⁴⁷ tokens.
  static long of(long tokens) {
    long bounded = Math.clamp(tokens, 0, MOST);
    return (bounded << CHECK_BITS) | check(bounded);
  }

  /// The tokens; none where the word is damaged.
  static long tokens(long word) {
    long tokens = word >>> CHECK_BITS;
    return of(tokens) == word ? tokens : 0;
  }

  private static long check(long tokens) {
    return (tokens * SPREAD) >>> (TOKEN_BITS + 1);
  }
}
