package ai.oneflow.gateway.exchange.relay;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.OpenAiTexts;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/// Relays one JSON text. It is held until it is complete, so that its cost can stand in a header
/// and half an answer is an error and no answer; one larger than [#HELD_BYTES], or one that the
/// gateway has no room for, is passed on as it comes, without that header.
public final class JsonRelay implements Relay {
  static final int HELD_BYTES = 1 << 20;
  private static final int MAX_PIECES = 1024;
  private static final int OK = 200;

  private final Downstream downstream;
  private final int status;
  private final HttpHeaders headers;
  private final UsageReaders readers;
  private final OpenAiUsageReader reader;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean passing;
  private boolean concluded;

  /// @param headers of the answer; the relay adds to them
  /// @param readers of the event loop; one is lent until the answer has ended
  public JsonRelay(Downstream downstream, int status, HttpHeaders headers, UsageReaders readers) {
    this.downstream = downstream;
    this.status = status;
    this.headers = headers;
    this.readers = readers;
    this.reader = readers.take();
  }

  @Override
  public Optional<GatewayError> content(ByteBuf piece) {
    reader.read(piece);
    if (passing) {
      downstream.content(piece);
    } else {
      boolean room = downstream.mayHold(piece.readableBytes());
      hold(piece);
      if (!room || held.readableBytes() > HELD_BYTES) {
        pass();
      }
    }
    return Optional.empty();
  }

  private void pass() {
    passing = true;
    downstream.begin(status, headers);
    downstream.content(held);
    held = Unpooled.EMPTY_BUFFER;
  }

  private void hold(ByteBuf piece) {
    if (!held.isReadable()) {
      held = piece;
    } else if (held instanceof CompositeByteBuf pieces) {
      pieces.addComponent(true, piece);
    } else {
      held = piece.alloc().compositeBuffer(MAX_PIECES).addComponents(true, held, piece);
    }
  }

  @Override
  public void readComplete() {
    if (passing) {
      downstream.flush();
    }
  }

  @Override
  public Optional<GatewayError> conclude() {
    concluded = true;
    if (!reader.complete()) {
      return Optional.of(
          GatewayError.of(
              ErrorCode.PROVIDER_INVALID_RESPONSE, "The provider's answer is not whole JSON."));
    }
    return status == OK && reader.error() && !passing
        ? Optional.of(
            GatewayError.of(
                ErrorCode.PROVIDER_ERROR,
                "The provider's answer tells of an error in the place of content."))
        : Optional.empty();
  }

  @Override
  public boolean begun() {
    return passing;
  }

  @Override
  public OutputSize written() {
    return reader.output();
  }

  @Override
  public OutputSize passed() {
    return passing ? reader.output() : OutputSize.NONE;
  }

  /// Of half an answer, and of one that has passed, nothing is kept.
  @Override
  public List<String> texts() {
    return concluded && !passing ? OpenAiTexts.ofAnswer(held) : List.of();
  }

  @Override
  public Optional<Usage> usage() {
    return status == OK ? reader.usage() : Optional.empty();
  }

  @Override
  public boolean carriesError() {
    return reader.error();
  }

  @Override
  public void complete(Optional<String> costCredits) {
    if (status == OK && reader.error()) {
      downstream.untap();
    }
    readers.giveBack(reader);
    if (passing) {
      downstream.end();
      return;
    }
    costCredits.ifPresent(cost -> headers.add(ResponseHeader.COST_CREDITS.wireName(), cost));
    ByteBuf body = held;
    held = Unpooled.EMPTY_BUFFER;
    downstream.answer(status, headers, body);
  }

  @Override
  public void fail(GatewayError error) {
    release();
    if (passing) {
      downstream.abort();
    } else {
      headers.remove(HttpHeaderNames.RETRY_AFTER);
      downstream.error(error, headers);
    }
  }

  @Override
  public void release() {
    readers.giveBack(reader);
    held.release();
    downstream.answerReleased();
    held = Unpooled.EMPTY_BUFFER;
  }
}
