package ai.oneflow.gateway.dialect.usage;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads a stream of server-sent events, the data of each of which is a JSON text. Data that is no
/// JSON, such as a mark of the end, holds no figures.
public final class EventsReader implements UsageReader {
  private final UsageListener listener;
  private final JsonScanner scanner;
  private final ServerSentEvents events;

  public EventsReader(UsageListener listener) {
    this.listener = listener;
    this.scanner = new JsonScanner(listener.root(), listener);
    this.events = new ServerSentEvents(new Events());
  }

  @Override
  public void read(ByteBuf piece) {
    events.read(piece);
  }

  @Override
  public Optional<Usage> usage() {
    return listener.usage();
  }

  private final class Events implements ServerSentEvents.Listener {
    @Override
    public void data(ByteBuf piece, int from, int to) {
      scanner.scan(piece.slice(from, to - from));
    }

    @Override
    public void ended(long start, long end) {
      scanner.reset(listener);
    }
  }
}
