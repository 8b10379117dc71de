package ai.oneflow.gateway.dialect.tokens;

/// How much a model has written, as far as it was seen. The same bytes of an answer give the same
/// figures in whatever pieces they come.
///
/// @param bytes of its text in UTF-8: content, reasoning that is shown, refusals, the names and
///     arguments of calls; without the escapes of JSON
/// @param pieces deltas of a stream that held some of it, or choices of one answer
public record OutputSize(long bytes, long pieces) {
  /// Nothing was written.
  public static final OutputSize NONE = new OutputSize(0, 0);

  public OutputSize {
    if ((bytes | pieces) < 0) {
      throw new IllegalArgumentException("no size may be negative: " + bytes + ", " + pieces);
    }
  }

  /// Both together.
  public OutputSize plus(OutputSize more) {
    return more.bytes == 0 && more.pieces == 0
        ? this
        : new OutputSize(bytes + more.bytes, pieces + more.pieces);
  }

  /// Tokens that it has at least: no piece is less than one.
  public long fewestTokens() {
    return pieces;
  }
}
