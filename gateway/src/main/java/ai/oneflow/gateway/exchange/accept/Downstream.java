package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.dialect.openai.OpenAiErrors;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way back to the caller of one request: [#answer] for a whole answer, or [#begin], [#content]
/// and [#end]. Exactly one of [#answer], [#end], [#abort] and [#hangUp] is the last call. Confined
/// to the connection's event loop.
public final class Downstream {
  /// Copying a short body costs less than a second buffer on its way to the socket.
  private static final int COPIED_BYTES = 16 << 10;

  /// Names are constants of ours; values may be a provider's and are checked.
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withNameValidation(false);

  private final ChannelHandlerContext ctx;
  private final ConnectionHandler connection;
  private final AcceptedRequest request;
  private final Framing framing;
  private final Place place;
  private boolean begun;

  /// The head that is gone says that another request may follow.
  private boolean promised;

  private boolean left;
  private @Nullable AnswerTap tap;

  /// How the end of an answer is marked.
  ///
  /// @param keepAlive the connection may go on after the answer
  /// @param http11 the caller understands chunks; otherwise the end of the connection ends the
  ///     answer
  /// @param bodiless the answer to a HEAD has no body
  record Framing(boolean keepAlive, boolean http11, boolean bodiless) {}

  /// What it goes over.
  ///
  /// @param place what the request takes
  record Connection(ChannelHandlerContext ctx, ConnectionHandler handler, Place place) {}

  Downstream(Connection connection, AcceptedRequest request, Framing framing) {
    this.ctx = connection.ctx();
    this.connection = connection.handler();
    this.place = connection.place();
    this.request = request;
    this.framing = framing;
  }

  /// Headers for an answer, to which the connection's own are added later.
  public static HttpHeaders headers() {
    return HEADERS.newHeaders();
  }

  public boolean isWritable() {
    return left || ctx.channel().isWritable();
  }

  /// The caller is gone: what is said from now on is thrown away.
  public void leave() {
    left = true;
  }

  Place place() {
    return place;
  }

  /// Takes the request's place, unless there is none.
  ///
  /// @return what the caller is to be told if there is none
  Optional<GatewayError> take(long length) {
    return place.take(length, request.startNanos());
  }

  /// The request's body was released: it counts no more against what a gateway may hold.
  public void bodyReleased() {
    place.bodyReleased();
  }

  /// Whether so much more of the answer may be held until it is whole. Where it may not, it is to
  /// be passed on as it comes. What is held counts until it has been given to this and has gone, or
  /// until [#answerReleased].
  public boolean mayHold(int bytes) {
    return place.holdAnswer(bytes);
  }

  /// What was held of the answer was thrown away.
  public void answerReleased() {
    place.answerReleased();
  }

  /// Lets somebody hear what is said from now on.
  public void tap(AnswerTap listener) {
    tap = listener;
  }

  /// What is said tells of a failure, though it may look like an answer: nobody is to hear it.
  public void untap() {
    AnswerTap listener = tap;
    tap = null;
    if (listener != null) {
      listener.failed();
    }
  }

  private void heard() {
    AnswerTap listener = tap;
    tap = null;
    if (listener != null) {
      listener.complete();
    }
  }

  /// Some of the answer is on its way, so that no other can be given.
  public boolean begun() {
    return begun;
  }

  /// A whole answer.
  ///
  /// @param body belongs to this from now on
  public void answer(int status, HttpHeaders headers, ByteBuf body) {
    begun = true;
    if (tap != null) {
      tap.head(status, headers);
      tap.piece(body);
      heard();
    }
    headers.add(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
    finishHeaders(headers, framing.keepAlive() && connection.reusable());
    boolean copied = body.readableBytes() <= COPIED_BYTES;
    ByteBuf out =
        ctx.alloc().ioBuffer(AnswerBytes.USUAL_HEAD_BYTES + (copied ? body.readableBytes() : 0));
    AnswerBytes.head(out, status, headers);
    if (copied && !framing.bodiless()) {
      out.writeBytes(body);
    }
    write(out);
    if (copied || framing.bodiless()) {
      body.release();
      place.answerReleased();
    } else {
      writeHeld(body);
    }
    finish(framing.keepAlive() && connection.reusable());
  }

  /// An error in the caller's dialect, with `Retry-After` where there is one.
  public void error(GatewayError error, HttpHeaders headers) {
    error(error.code().status(), error, headers);
  }

  /// The same with another status than its code has.
  public void error(int status, GatewayError error, HttpHeaders headers) {
    untap();
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    error
        .retryAfter()
        .map(Downstream::wholeSeconds)
        .ifPresent(seconds -> headers.set(HttpHeaderNames.RETRY_AFTER, seconds));
    answer(status, headers, Unpooled.wrappedBuffer(OpenAiErrors.render(error)));
  }

  private static String wholeSeconds(Duration delay) {
    return Long.toString(Math.max(1, delay.plusMillis(999).toSeconds()));
  }

  /// The head of an answer whose length is not known.
  public void begin(int status, HttpHeaders headers) {
    begun = true;
    if (tap != null) {
      tap.head(status, headers);
    }
    if (framing.http11()) {
      headers.add(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    promised = reusable();
    finishHeaders(headers, promised);
    ByteBuf out = ctx.alloc().ioBuffer(AnswerBytes.USUAL_HEAD_BYTES);
    AnswerBytes.head(out, status, headers);
    write(out);
  }

  /// A piece of an answer that was begun.
  ///
  /// @param piece belongs to this from now on
  public void content(ByteBuf piece) {
    if (tap != null) {
      tap.piece(piece);
    }
    if (!framing.http11()) {
      writeHeld(piece);
      return;
    }
    int length = piece.readableBytes();
    boolean copied = length <= COPIED_BYTES;
    ByteBuf out = ctx.alloc().ioBuffer(AnswerBytes.CHUNK_FRAME_BYTES + (copied ? length : 0));
    AnswerBytes.chunkHead(out, length);
    if (copied) {
      out.writeBytes(piece);
      piece.release();
      AnswerBytes.chunkEnd(out);
      write(out);
      place.answerReleased();
      return;
    }
    write(out);
    writeHeld(piece);
    ByteBuf end = ctx.alloc().ioBuffer(AnswerBytes.CHUNK_FRAME_BYTES);
    AnswerBytes.chunkEnd(end);
    write(end);
  }

  public void flush() {
    ctx.flush();
  }

  /// Ends an answer that was begun.
  public void end() {
    heard();
    if (framing.http11()) {
      ByteBuf out = ctx.alloc().ioBuffer(AnswerBytes.CHUNK_FRAME_BYTES);
      AnswerBytes.lastChunk(out);
      write(out);
    }
    finish(promised && connection.canFollow());
  }

  /// Ends an answer so that the caller sees it is not complete, after what there is of it.
  public void abort() {
    untap();
    finish(false);
  }

  /// Hangs up at once: the caller takes nothing any more, or has hung up already.
  public void hangUp() {
    untap();
    ctx.close();
  }

  /// A write that fails closes the connection, which is all that anybody needs to know of it.
  private void write(ByteBuf bytes) {
    if (left) {
      bytes.release();
    } else {
      ctx.write(bytes, ctx.voidPromise());
    }
  }

  /// A caller who does not read keeps what was held for as long as that waits for the socket.
  private void writeHeld(ByteBuf bytes) {
    if (left || !place.holdsAnswer()) {
      write(bytes);
      place.answerReleased();
    } else {
      var _ = ctx.write(bytes).addListener(_ -> place.answerReleased());
    }
  }

  private boolean reusable() {
    return framing.keepAlive() && framing.http11() && connection.reusable();
  }

  private void finishHeaders(HttpHeaders headers, boolean reusable) {
    headers.add(ResponseHeader.REQUEST_ID.wireName(), request.id());
    if (!reusable) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!framing.http11()) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  private void finish(boolean reusable) {
    if (left) {
      return;
    }
    if (reusable) {
      connection.answered();
    } else {
      connection.closing(ctx);
    }
  }
}
