package ai.oneflow.gateway.dialect.usage;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads an answer that is one JSON text.
public final class TextReader implements UsageReader {
  private final UsageListener listener;
  private final JsonScanner scanner;

  public TextReader(UsageListener listener) {
    this.listener = listener;
    this.scanner = new JsonScanner(listener.root(), listener);
  }

  @Override
  public void read(ByteBuf piece) {
    scanner.scan(piece);
  }

  @Override
  public Optional<Usage> usage() {
    return listener.usage();
  }
}
