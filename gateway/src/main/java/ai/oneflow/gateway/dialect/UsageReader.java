package ai.oneflow.gateway.dialect;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads the provider's own figures out of one answer, a whole text or a stream alike, as its bytes
/// come by, and keeps none of them. Not thread-safe; good for one answer.
///
/// A provider that speaks of its usage more than once corrects itself: the last that it said counts
/// and is never merged with what it said before, but where its dialect sends the figures in parts.
/// Words about usage that hold no figure (`null`, an empty object) say nothing. A figure that is no
/// whole number, negative or beyond a trillion makes the usage unreadable, which is as if there
/// were none, rather than zero or what was said before.
public interface UsageReader {

  /// Reads on; the buffer's indices stay as they are.
  void read(ByteBuf piece);

  /// The figures so far; empty where there are none that can be read. Of an answer that broke off
  /// they are a floor: a dialect may send the prompt's at the beginning.
  Optional<Usage> usage();
}
