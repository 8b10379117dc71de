package ai.oneflow.gateway.dialect.usage;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads a stream of JSON texts, each on a line of its own
/// (<https://github.com/ndjson/ndjson-spec>). A line that is no JSON holds no figures; the next
/// one is read.
public final class LinesReader implements UsageReader {
  private final UsageListener listener;
  private final JsonScanner scanner;

  public LinesReader(UsageListener listener) {
    this.listener = listener;
    this.scanner = new JsonScanner(listener.root(), listener);
  }

  @Override
  public void read(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    while (at < end) {
      int newline = piece.indexOf(at, end, (byte) '\n');
      int stop = newline < 0 ? end : newline;
      scanner.scan(piece.slice(at, stop - at));
      if (newline >= 0) {
        scanner.reset(listener);
      }
      at = stop + 1;
    }
  }

  @Override
  public Optional<Usage> usage() {
    return listener.usage();
  }
}
