package ai.oneflow.gateway.dialect.bedrock;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Reads a ConverseStream: its event `metadata`, which comes last, is a JSON text with the usage.
public final class FramesReader implements UsageReader {
  private static final String METADATA = "metadata";

  private final BedrockUsage listener = new BedrockUsage();
  private final JsonScanner scanner = new JsonScanner(listener.root(), listener);
  private final EventFrames frames = new EventFrames(this::event);

  @Override
  public void read(ByteBuf piece) {
    frames.read(piece);
  }

  @Override
  public Optional<Usage> usage() {
    return listener.usage();
  }

  private void event(String type, byte[] bytes, int from, int to) {
    if (type.equals(METADATA)) {
      scanner.reset(listener);
      scanner.scan(bytes, from, to);
    }
  }
}
