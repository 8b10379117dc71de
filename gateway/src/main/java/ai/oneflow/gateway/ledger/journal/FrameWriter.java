package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Lays out one frame at a time in an array of its own: what [FrameReader] reads.
///
/// A text is written once in a file, in a definition; events refer to it by the number of its
/// definition. So an event is 120 bytes, a failed attempt before it 16 more, an open request 80,
/// written without touching a text. One thread only.
final class FrameWriter {
  static final byte CALLER = 1;
  static final byte DESTINATION = 2;
  static final byte PRICE_VERSION = 3;
  static final byte EVENT = 4;
  static final byte OPENED = 5;

  static final int STREAMED = 1;
  static final int BATCH = 2;
  static final int UNITS = 4;
  static final int FAILED = 8;

  /// The end of an open request's frame: how far it has come. It changes, so no checksum covers it.
  static final int PROGRESS_BYTES = 2 * Long.BYTES;

  /// Larger than five texts of 512 characters with three bytes each.
  static final int MOST_BYTES = 8 << 10;

  private static final int TEXTS_OF_A_DESTINATION = 5;
  private static final int MOST_BYTES_OF_A_CHARACTER = 3;

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

  /// What the frame of a destination takes at most.
  static int mostBytes(Destination destination) {
    int characters =
        destination.surface().length()
            + destination.publicModel().length()
            + destination.providerNamespace().length()
            + destination.providerName().length()
            + destination.upstreamModel().length();
    return 1 + TEXTS_OF_A_DESTINATION * Short.BYTES + MOST_BYTES_OF_A_CHARACTER * characters;
  }

  FrameWriter priceVersion(String version) {
    begin(PRICE_VERSION);
    text(version);
    return this;
  }

  /// Where attempts had failed before, each of them must follow by [#failed].
  FrameWriter event(UsageEvent event, int caller, int destination, int priceVersion) {
    Ending ending = event.ending();
    begin(EVENT);
    buffer.put((byte) ending.outcome().code());
    buffer.put((byte) event.usageSource().code());
    buffer.put((byte) event.cost().state().code());
    buffer.putShort((short) ending.httpStatus());
    buffer.putShort((short) flags(event));
    buffer.putInt(caller).putInt(destination).putInt(priceVersion).putInt(event.attempts());
    buffer.putLong(event.id().high()).putLong(event.id().low());
    buffer.putLong(ending.durationNanos());
    usage(event.usage());
    buffer.putLong(event.cost().picoDollars());
    if (event.usage().hasUnits()) {
      Usage usage = event.usage();
      buffer.putLong(usage.images()).putLong(usage.characters()).putLong(usage.audioMillis());
    }
    return this;
  }

  /// The next failed attempt of the event that was begun.
  void failed(FailedAttempt attempt, int destination) {
    buffer.putInt(destination).putInt(attempt.outcome().code());
    buffer.putLong(attempt.probablePicoDollars());
  }

  FrameWriter opened(OpenRequest request, int caller, int destination, int priceVersion) {
    Opening opening = request.opening();
    Rates rates = opening.rates();
    begin(OPENED);
    buffer.put((byte) (opening.streamed() ? STREAMED : 0)).putShort(request.edition());
    buffer.putInt(caller).putInt(destination).putInt(priceVersion);
    buffer.putLong(opening.id().high()).putLong(opening.id().low());
    buffer.putLong(opening.inputTokens());
    buffer.putLong(rates.perRequest());
    buffer.putLong(rates.perInputToken()).putLong(rates.perOutputToken());
    buffer.putLong(request.outputWord()).putLong(request.inputWord());
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
    crc.update(bytes, 0, constantBytes(bytes, buffer.position()));
    return (int) crc.getValue();
  }

  /// How many of a payload's bytes never change.
  static int constantBytes(byte[] payload, int length) {
    return payload[0] == OPENED ? Math.max(1, length - PROGRESS_BYTES) : length;
  }

  private static int flags(UsageEvent event) {
    return (event.ending().streamed() ? STREAMED : 0)
        | (event.batch() ? BATCH : 0)
        | (event.usage().hasUnits() ? UNITS : 0)
        | (event.failed().isEmpty() ? 0 : FAILED);
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
