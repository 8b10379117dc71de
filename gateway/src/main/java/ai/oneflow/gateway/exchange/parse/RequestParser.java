package ai.oneflow.gateway.exchange.parse;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/// Collects a body and reads it on the way, so that a large one never holds up the event loop at
/// its end. The bytes are kept because they are needed again: a model's name is spliced in, and
/// another attempt sends them once more.
public final class RequestParser {
  /// Ten megabytes in pieces of a small read.
  private static final int MAX_PIECES = 4096;

  private final Surface surface;
  private final OpenAiRequestReader reader;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  /// What became of the body.
  public sealed interface Parsing {
    record Parsed(ParsedRequest request) implements Parsing {}

    record Refused(GatewayError error) implements Parsing {}
  }

  /// @param reader lent until [#finish]; it is reset
  public RequestParser(Surface surface, OpenAiRequestReader reader) {
    this.surface = surface;
    this.reader = reader;
    reader.reset();
  }

  /// @param piece belongs to the parser from now on
  public void add(ByteBuf piece, ByteBufAllocator allocator) {
    if (!piece.isReadable()) {
      piece.release();
      return;
    }
    reader.read(piece);
    if (!body.isReadable()) {
      body = piece;
    } else if (body instanceof CompositeByteBuf pieces) {
      pieces.addComponent(true, piece);
    } else {
      body = allocator.compositeBuffer(MAX_PIECES).addComponents(true, body, piece);
    }
  }

  /// The body is complete. What was parsed carries the body away; otherwise it stays for
  /// [#release].
  public Parsing finish() {
    return switch (reader.finish()) {
      case OpenAiRequestReader.Reading.Refused(var error) -> new Parsing.Refused(error);
      case OpenAiRequestReader.Reading.Read(var fields) -> {
        ByteBuf whole = body;
        body = Unpooled.EMPTY_BUFFER;
        yield new Parsing.Parsed(new ParsedRequest(surface, fields, whole));
      }
    };
  }

  /// Gives up what was collected.
  public void release() {
    body.release();
    body = Unpooled.EMPTY_BUFFER;
  }
}
