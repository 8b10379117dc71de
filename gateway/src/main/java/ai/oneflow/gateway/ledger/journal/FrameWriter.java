package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Lays out one frame at a time in an array of its own: what [FrameReader] reads.
///
/// A text is written once in a file, in a definition; events refer to it by the number of its
/// definition. So an event is 120 bytes, written without touching a text. One thread only.
final class FrameWriter {
  static final byte CALLER = 1;
  static final byte DESTINATION = 2;
  static final byte PRICE_VERSION = 3;
  static final byte EVENT = 4;

  /// Larger than five texts of 512 characters with three bytes each.
  static final int MOST_BYTES = 8 << 10;

  private final byte[] bytes = new byte[MOST_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  FrameWriter caller(Caller caller) {
    begin(CALLER);
    text(caller.keyNamespace());
    text(caller.keyName());
    text(caller.user());
    text(caller.project());
    return this;
  }

  FrameWriter destination(Destination destination) {
    begin(DESTINATION);
    text(destination.surface());
    text(destination.publicModel());
    text(destination.providerNamespace());
    text(destination.providerName());
    text(destination.upstreamModel());
    return this;
  }

  FrameWriter priceVersion(String version) {
    begin(PRICE_VERSION);
    text(version);
    return this;
  }

  FrameWriter event(UsageEvent event, int caller, int destination, int priceVersion) {
    Ending ending = event.ending();
    begin(EVENT);
    buffer.put((byte) ending.outcome().code());
    buffer.put((byte) event.usageSource().code());
    buffer.put((byte) event.cost().state().code());
    buffer.putShort((short) ending.httpStatus());
    buffer.putShort((short) (ending.streamed() ? 1 : 0));
    buffer.putInt(caller).putInt(destination).putInt(priceVersion).putInt(0);
    buffer.putLong(event.id().high()).putLong(event.id().low());
    buffer.putLong(ending.durationNanos());
    usage(event.usage());
    buffer.putLong(event.cost().picoDollars());
    return this;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return buffer.position();
  }

  int crc() {
    crc.reset();
    crc.update(bytes, 0, buffer.position());
    return (int) crc.getValue();
  }

  private void begin(byte type) {
    buffer.clear().put(type);
  }

  private void usage(Usage usage) {
    buffer.putLong(usage.inputTokens());
    buffer.putLong(usage.cachedInputTokens());
    buffer.putLong(usage.cacheWrite5mTokens());
    buffer.putLong(usage.cacheWrite1hTokens());
    buffer.putLong(usage.audioInputTokens());
    buffer.putLong(usage.outputTokens());
    buffer.putLong(usage.reasoningTokens());
    buffer.putLong(usage.audioOutputTokens());
  }

  private void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    buffer.putShort((short) utf8.length).put(utf8);
  }
}
