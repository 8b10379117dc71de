package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/// Understands the frames of one file in their order, remembering its definitions.
///
/// Throws a [RuntimeException] on a frame that is whole but makes no sense: the file was written by
/// something else and must be set aside, not dropped. One thread only.
final class FrameReader {
  /// For whom requests on their way are not even read: those of a process that lives.
  static final Consumer<CutShort> UNHEARD = _ -> {};

  private static final int TOKEN_COUNTS = 8;
  private static final long[] NO_UNITS = new long[3];

  private final List<Caller> callers = new ArrayList<>();
  private final List<Destination> destinations = new ArrayList<>();
  private final List<String> priceVersions = new ArrayList<>();

  /// Told of each frame of a request that was on its way.
  private final Consumer<CutShort> opened;

  FrameReader(Consumer<CutShort> opened) {
    this.opened = opened;
  }

  /// A request on its way, and how far it had come when its frame was read.
  ///
  /// @param edition the number of its frames before this one, of which the last 16 bits are told
  record CutShort(Opening opening, short edition, long saidInputTokens, long outputTokens) {
    /// Whether this was written after that frame of the same request; also where neither tells.
    boolean isAfter(CutShort that) {
      return (short) (edition - that.edition) >= 0;
    }

    UsageEvent event() {
      return opening.cutShort(saidInputTokens, outputTokens);
    }
  }

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
      case FrameWriter.OPENED -> {
        if (!opened.equals(UNHEARD)) {
          opened.accept(opened(frame));
        }
      }
      default -> throw new IllegalStateException("a frame of unknown type " + type);
    }
  }

  private UsageEvent event(ByteBuffer frame) {
    Outcome outcome = withCode(Outcome.values(), Outcome::code, frame.get());
    UsageSource source = withCode(UsageSource.values(), UsageSource::code, frame.get());
    ChargeState state = withCode(ChargeState.values(), ChargeState::code, frame.get());
    int status = frame.getShort();
    int flags = frame.getShort();
    Caller caller = callers.get(frame.getInt());
    Destination destination = destinations.get(frame.getInt());
    String priceVersion = priceVersions.get(frame.getInt());
    int attempts = frame.getInt(); // before the third format only the one that is told of
    EventId id = new EventId(frame.getLong(), frame.getLong());
    boolean streamed = (flags & FrameWriter.STREAMED) != 0;
    Ending ending = new Ending(outcome, status, streamed, frame.getLong());
    long[] tokens = longs(frame, TOKEN_COUNTS);
    Cost cost = new Cost(state, frame.getLong(), priceVersion);
    long[] units = (flags & FrameWriter.UNITS) == 0 ? NO_UNITS : longs(frame, NO_UNITS.length);
    boolean batch = (flags & FrameWriter.BATCH) != 0;
    boolean hasFailed = (flags & FrameWriter.FAILED) != 0;
    List<FailedAttempt> failed = hasFailed ? failed(frame, attempts - 1) : List.of();
    return new UsageEvent(
        id, caller, destination, ending, usage(tokens, units), source, cost, batch, failed);
  }

  private List<FailedAttempt> failed(ByteBuffer frame, int count) {
    List<FailedAttempt> failed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Destination destination = destinations.get(frame.getInt());
      Outcome outcome = withCode(Outcome.values(), Outcome::code, frame.getInt());
      failed.add(new FailedAttempt(destination, outcome, frame.getLong()));
    }
    return failed;
  }

  private CutShort opened(ByteBuffer frame) {
    boolean streamed = (frame.get() & FrameWriter.STREAMED) != 0;
    short edition = frame.getShort();
    Caller caller = callers.get(frame.getInt());
    Destination destination = destinations.get(frame.getInt());
    String priceVersion = priceVersions.get(frame.getInt());
    EventId id = new EventId(frame.getLong(), frame.getLong());
    long inputTokens = frame.getLong();
    Rates rates = new Rates(priceVersion, frame.getLong(), frame.getLong(), frame.getLong());
    long output = ProgressWord.tokens(frame.getLong());
    long input = ProgressWord.tokens(frame.getLong());
    Opening opening = new Opening(id, caller, destination, streamed, rates, inputTokens);
    return new CutShort(opening, edition, input, output);
  }

  private static long[] longs(ByteBuffer frame, int count) {
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] = frame.getLong();
    }
    return longs;
  }

  private static Usage usage(long[] t, long[] units) {
    return new Usage(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], units[0], units[1], units[2]);
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
