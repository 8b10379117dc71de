package ai.oneflow.gateway.exchange.relay;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.AnswerText;
import ai.oneflow.gateway.dialect.openai.OpenAiErrors;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamReader;
import ai.oneflow.gateway.dialect.tokens.OutputRoom;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.Downstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Relays a stream of events as they come. Events pass whole: the bytes of one that is not complete
/// yet are held back, for it may be the usage that the caller did not ask for. So are the first
/// events for as long as they hold nothing that the model wrote, a few of them at most: what fails
/// before content is as good as never begun, and another provider may be asked. The head goes out
/// with the first event that passes. Of what there is no room for nothing passes.
public final class EventRelay implements Relay {
  /// An event that grows beyond this is no usage; it passes as it comes.
  static final int HELD_BYTES = 64 << 10;

  /// Providers begin with the role, and some with what their filters say of the prompt.
  private static final int HELD_EVENTS = 4;

  private static final int OK = 200;

  private final Downstream downstream;
  private final HttpHeaders headers;
  private final OpenAiStreamReader reader;
  private final @Nullable AnswerText text;
  private final List<Span> toHide = new ArrayList<>(0);
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private long heldStart;

  /// How a stream is read.
  ///
  /// @param hideUsage the caller did not ask for it
  /// @param keepsText the model's tokenizer can count it
  /// @param room how long the answer may become
  public record Reading(boolean hideUsage, boolean keepsText, OutputRoom room) {}

  /// @param headers of the answer
  public EventRelay(Downstream downstream, HttpHeaders headers, Reading reading) {
    this.downstream = downstream;
    this.headers = headers;
    this.text = reading.keepsText() ? new AnswerText() : null;
    this.reader = new OpenAiStreamReader(reading.hideUsage(), text, reading.room());
  }

  @Override
  public Optional<GatewayError> content(ByteBuf piece) {
    reader.read(piece);
    ByteBuf bytes = held.isReadable() ? joined(piece) : piece;
    held = Unpooled.EMPTY_BUFFER;
    Optional<GatewayError> fault = fault();
    if (fault.isPresent()) {
      bytes.release();
      return fault;
    }
    toHide.addAll(reader.hidden());
    pass(bytes, reader.full() ? reader.fullAt() : ready(heldStart + bytes.readableBytes()));
    if (bytes.isReadable()) {
      held = bytes;
    } else {
      bytes.release();
    }
    return Optional.empty();
  }

  /// How far what has come, up to offset `all`, may go to the caller.
  private long ready(long all) {
    long ready = isWithheld() ? heldStart : reader.openEventStart();
    if (all - ready <= HELD_BYTES) {
      return ready;
    }
    return all - reader.openEventStart() > HELD_BYTES ? all : reader.openEventStart();
  }

  private Optional<GatewayError> fault() {
    if (reader.garbage()) {
      return Optional.of(
          GatewayError.of(
              ErrorCode.PROVIDER_INVALID_RESPONSE,
              "The provider's stream holds an event that is not JSON."));
    }
    if (reader.error() && !begun()) {
      return Optional.of(
          GatewayError.of(
              ErrorCode.PROVIDER_ERROR,
              "The provider's stream told of an error in the place of content."));
    }
    return Optional.empty();
  }

  private boolean isWithheld() {
    return !begun()
        && !reader.ended()
        && reader.output().bytes() == 0
        && reader.events() <= HELD_EVENTS;
  }

  @Override
  public boolean begun() {
    return downstream.begun();
  }

  private ByteBuf joined(ByteBuf piece) {
    ByteBuf joined = piece.alloc().ioBuffer(held.readableBytes() + piece.readableBytes());
    joined.writeBytes(held).writeBytes(piece);
    held.release();
    piece.release();
    return joined;
  }

  /// Sends the bytes up to offset `end` but for hidden events, and leaves the rest in `bytes`.
  private void pass(ByteBuf bytes, long end) {
    if (end <= heldStart) {
      return;
    }
    for (Span hidden : toHide) {
      if (hidden.start() >= heldStart) {
        send(bytes, hidden.start());
        bytes.skipBytes((int) (hidden.end() - heldStart));
        heldStart = hidden.end();
      }
    }
    toHide.clear();
    send(bytes, end);
  }

  private void send(ByteBuf bytes, long end) {
    int length = (int) (end - heldStart);
    if (length <= 0) {
      return;
    }
    heldStart = end;
    if (!downstream.begun()) {
      downstream.begin(OK, headers);
    }
    downstream.content(bytes.readRetainedSlice(length));
  }

  @Override
  public void readComplete() {
    if (downstream.begun()) {
      downstream.flush();
    }
  }

  /// Half an event is not sent where an error is to follow, which it would garble.
  @Override
  public Optional<GatewayError> conclude() {
    if (!reader.ended()) {
      return Optional.of(
          GatewayError.of(
              ErrorCode.PROVIDER_UNAVAILABLE,
              "The provider's stream ended before its answer did."));
    }
    send(held, heldStart + held.readableBytes());
    release();
    return Optional.empty();
  }

  @Override
  public OutputSize written() {
    return reader.output();
  }

  @Override
  public OutputSize passed() {
    return reader.output();
  }

  @Override
  public List<String> texts() {
    return text == null ? List.of() : List.of(text.toString());
  }

  /// There is no room for more of the answer: it is to [be ended][#endWith].
  public boolean isFull() {
    return reader.full();
  }

  /// Ends the answer before its end, with these last events.
  public void endWith(byte[] events) {
    release();
    if (!downstream.begun()) {
      downstream.begin(OK, headers);
    }
    downstream.content(Unpooled.wrappedBuffer(events));
    downstream.end();
  }

  @Override
  public Optional<Usage> usage() {
    return reader.usage();
  }

  @Override
  public boolean carriesError() {
    return reader.error();
  }

  @Override
  public void complete(Optional<String> costCredits) {
    if (reader.error()) {
      downstream.untap();
    }
    if (!downstream.begun()) {
      downstream.begin(OK, headers);
    }
    downstream.end();
  }

  /// The official clients raise an error for an event that holds one; the connection then ends
  /// without the mark of a complete answer, for those who do not look.
  @Override
  public void fail(GatewayError error) {
    release();
    if (downstream.begun()) {
      downstream.content(Unpooled.wrappedBuffer(OpenAiErrors.renderEvent(error)));
      downstream.abort();
    } else {
      downstream.error(error, headers);
    }
  }

  @Override
  public void release() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }
}
