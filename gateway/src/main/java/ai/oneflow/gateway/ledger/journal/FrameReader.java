package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Understands the frames of one file in their order, remembering its definitions.
///
/// Throws a [RuntimeException] on a frame that is whole but makes no sense: the file was written by
/// something else and must be set aside, not dropped. One thread only.
final class FrameReader {
  private final List<Caller> callers = new ArrayList<>();
  private final List<Destination> destinations = new ArrayList<>();
  private final List<String> priceVersions = new ArrayList<>();

  /// Adds the frame's event to the list, where the frame is one.
  void read(ByteBuffer frame, List<UsageEvent> into) {
    byte type = frame.get();
    switch (type) {
      case FrameWriter.CALLER ->
          callers.add(new Caller(text(frame), text(frame), text(frame), text(frame)));
      case FrameWriter.DESTINATION ->
          destinations.add(
              new Destination(text(frame), text(frame), text(frame), text(frame), text(frame)));
      case FrameWriter.PRICE_VERSION -> priceVersions.add(text(frame));
      case FrameWriter.EVENT -> into.add(event(frame));
      default -> throw new IllegalStateException("a frame of unknown type " + type);
    }
  }

  private UsageEvent event(ByteBuffer frame) {
    Outcome outcome = withCode(Outcome.values(), Outcome::code, frame.get());
    UsageSource source = withCode(UsageSource.values(), UsageSource::code, frame.get());
    ChargeState state = withCode(ChargeState.values(), ChargeState::code, frame.get());
    int status = frame.getShort();
    boolean streamed = frame.getShort() != 0;
    Caller caller = callers.get(frame.getInt());
    Destination destination = destinations.get(frame.getInt());
    String priceVersion = priceVersions.get(frame.getInt());
    frame.getInt();
    EventId id = new EventId(frame.getLong(), frame.getLong());
    Ending ending = new Ending(outcome, status, streamed, frame.getLong());
    Usage usage = usage(frame);
    Cost cost = new Cost(state, frame.getLong(), priceVersion);
    return new UsageEvent(id, caller, destination, ending, usage, source, cost);
  }

  private static Usage usage(ByteBuffer frame) {
    return new Usage(
        frame.getLong(),
        frame.getLong(),
        frame.getLong(),
        frame.getLong(),
        frame.getLong(),
        frame.getLong(),
        frame.getLong(),
        frame.getLong());
  }

  private static String text(ByteBuffer frame) {
    byte[] utf8 = new byte[Short.toUnsignedInt(frame.getShort())];
    frame.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static <T> T withCode(T[] values, ToIntFunction<T> codeOf, int code) {
    for (T value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return value;
      }
    }
    throw new IllegalStateException("an unknown code " + code + " of " + values[0].getClass());
  }
}
