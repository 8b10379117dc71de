package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A caller's connection. Requests that were pipelined (RFC 9112, section 9.3) wait until the one
/// before them is answered; nothing is read from the socket meanwhile, so at most one read's worth
/// of them waits.
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

  private enum State {
    /// The next message begins a request.
    IDLE,
    /// A request is being received or answered.
    BUSY,
    /// A request was refused before its body was there: the rest of it is thrown away.
    SKIPPING,
    /// Nothing more is taken.
    CLOSING
  }

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
  private static final int SKIPPED_BYTES = 64 << 10;
  private static final int LINGER_SECONDS = 2;

  /// Of silence in the middle of a body: at least one of these, at most two.
  private static final int SILENCE_SECONDS = 30;

  /// Longer than load balancers and clients keep a connection that they do not use, so that they
  /// hang up and not we, just when the next request is on its way. Counted in silences.
  private static final int IDLE_SILENCES = 12;

  private final InFlight.Factory exchanges;
  private final RequestIds ids;
  private final Queue<Object> waiting = new ArrayDeque<>(0);
  private State state = State.IDLE;
  private @Nullable InFlight exchange;
  private @Nullable Downstream downstream;
  private boolean received = true;
  private @Nullable HttpRequest head;
  private boolean answered;
  private boolean draining;
  private long bodyBytes;
  private long maxBytes;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> watch;
  private boolean heard;
  private int silences;

  ConnectionHandler(InFlight.Factory exchanges, RequestIds ids) {
    this.exchanges = exchanges;
    this.ids = ids;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    watch =
        ctx.executor()
            .scheduleAtFixedRate(this::listen, SILENCE_SECONDS, SILENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (watch != null) {
      watch.cancel(false);
    }
  }

  /// Lets go of a caller who has begun something and says no more: a body that stops, a head that
  /// never ends, an answer that is not read, a connection that nobody uses. A head that trickles in
  /// is silence, too. While a provider is working the caller has nothing to say.
  private void listen() {
    silences = heard ? 0 : silences + 1;
    heard = false;
    if (silences > 0 && state == State.BUSY && !received) {
      draining = true;
      refuse(
          GatewayError.of(
              ErrorCode.REQUEST_TIMEOUT,
              "No more of the body came for " + SILENCE_SECONDS + " seconds."));
    } else if (silences >= IDLE_SILENCES && state != State.BUSY && context != null) {
      context.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard = true;
    if (received && exchange != null && state != State.CLOSING) {
      waiting.add(message);
      ctx.channel().config().setAutoRead(false);
    } else {
      take(ctx, (HttpObject) message);
    }
  }

  private void take(ChannelHandlerContext ctx, HttpObject message) {
    switch (state) {
      case IDLE -> begin(ctx, message);
      case BUSY -> body(message);
      case SKIPPING -> skip(message);
      case CLOSING -> ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      malformed(ctx, message.decoderResult().cause());
      ReferenceCountUtil.release(message);
      return;
    }
    if (!(message instanceof HttpRequest head)) {
      ReferenceCountUtil.release(message);
      return;
    }
    AcceptedRequest request = accept(head);
    Downstream way = new Downstream(ctx, this, request, framing(head));
    downstream = way;
    if (HttpUtil.getContentLength(head, 0L) > maxBytes) {
      refuse(tooLarge());
    } else if (head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      refuse(
          GatewayError.of(
              ErrorCode.UNSUPPORTED_ENCODING, "Send the body without Content-Encoding."));
    } else {
      InFlight begun = exchanges.begin(request, way);
      if (!answered) { // on its head alone
        exchange = begun;
        goOn(ctx, head);
      }
    }
  }

  /// Makes the connection ready for the body of a request.
  private AcceptedRequest accept(HttpRequest next) {
    head = next;
    received = false;
    answered = false;
    bodyBytes = 0;
    maxBytes = exchanges.maxRequestBytes();
    state = State.BUSY;
    return new AcceptedRequest(
        ids.idOf(next.headers()),
        Endpoint.of(next.method(), next.uri()),
        next.headers(),
        System.currentTimeMillis(),
        System.nanoTime());
  }

  private static void goOn(ChannelHandlerContext ctx, HttpRequest head) {
    if (HttpUtil.is100ContinueExpected(head)) {
      ByteBuf goOn = ctx.alloc().ioBuffer();
      AnswerBytes.goOn(goOn);
      ctx.writeAndFlush(goOn, ctx.voidPromise());
    }
  }

  /// Whether the rest of the body is worth reading after an early answer, so that the connection
  /// can go on.
  private static boolean isSmall(HttpRequest head) {
    long length =
        HttpUtil.getContentLength(head, HttpUtil.isTransferEncodingChunked(head) ? -1L : 0L);
    return length >= 0 && length <= SKIPPED_BYTES && !HttpUtil.is100ContinueExpected(head);
  }

  private static Downstream.Framing framing(HttpRequest head) {
    return new Downstream.Framing(
        HttpUtil.isKeepAlive(head),
        head.protocolVersion().isKeepAliveDefault(),
        head.method().equals(HttpMethod.HEAD));
  }

  private void body(HttpObject message) {
    if (message.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      refuse(
          GatewayError.of(
              ErrorCode.MALFORMED_REQUEST, "The body's chunks are not framed as RFC 9112 asks."));
      return;
    }
    if (!(message instanceof HttpContent content)) {
      ReferenceCountUtil.release(message);
      return;
    }
    bodyBytes += content.content().readableBytes();
    if (bodyBytes > maxBytes) {
      content.release();
      refuse(tooLarge());
      return;
    }
    InFlight current = exchange;
    if (current == null) {
      content.release();
      return;
    }
    received = message instanceof LastHttpContent;
    current.body(content.content());
    if (received && !answered) {
      current.bodyComplete();
    }
  }

  private GatewayError tooLarge() {
    return GatewayError.of(
        ErrorCode.REQUEST_TOO_LARGE, "The body must have at most " + maxBytes + " bytes.");
  }

  /// Answers with an error where nothing was answered yet; the rest of the body is not worth more
  /// than that.
  private void refuse(GatewayError error) {
    if (exchange != null) {
      exchange.refuse(error);
    } else if (downstream != null && !downstream.begun()) {
      exchanges.refused(error.code());
      downstream.error(error, Downstream.headers());
    }
  }

  private void skip(HttpObject message) {
    boolean last = message instanceof LastHttpContent;
    ReferenceCountUtil.release(message);
    if (last) {
      received = true;
      state = State.IDLE;
    }
  }

  private void malformed(ChannelHandlerContext ctx, Throwable cause) {
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    GatewayError error =
        tooLong
            ? GatewayError.of(
                ErrorCode.HEADERS_TOO_LARGE, "The request line or the headers are too long.")
            : GatewayError.of(
                ErrorCode.MALFORMED_REQUEST, "The request is not HTTP/1.1 as RFC 9112 asks.");
    received = false;
    head = null;
    exchanges.refused(error.code());
    AcceptedRequest nameless =
        new AcceptedRequest(ids.next(), new Endpoint.Unknown(), Downstream.headers(), 0, 0);
    new Downstream(ctx, this, nameless, new Downstream.Framing(false, true, false))
        .error(error, Downstream.headers());
  }

  /// Whether another request may follow.
  boolean reusable() {
    return canFollow() && !draining;
  }

  /// Whether another request can follow: the body has come, or is short enough to be skipped.
  boolean canFollow() {
    return received || (head != null && isSmall(head));
  }

  /// The answer is complete and the connection goes on.
  void answered() {
    answered = true;
    exchange = null;
    downstream = null;
    state = received ? State.IDLE : State.SKIPPING;
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    ctx.flush();
    if (!waiting.isEmpty()) {
      ctx.executor().execute(() -> resume(ctx));
    }
    if (draining) {
      // The head was sent before, and said that another request may follow: it may be on its way.
      ctx.executor().schedule(this::drain, LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    while (!waiting.isEmpty() && !(received && exchange != null)) {
      take(ctx, (HttpObject) waiting.remove());
    }
    if (waiting.isEmpty()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /// The answer is complete and the connection ends with it. Where the caller is still sending, we
  /// go on reading for a while: closing at once would reset the connection and take the answer away
  /// with it (RFC 9112, section 9.6).
  void closing(ChannelHandlerContext ctx) {
    answered = true;
    exchange = null;
    state = State.CLOSING;
    releaseWaiting();
    ChannelFuture flushed = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (received) {
      flushed.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    flushed.addListener(
        _ -> {
          if (ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
          }
          ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        });
    ctx.channel().config().setAutoRead(true);
  }

  /// The next answer over this connection is the last, and says so. It is not hung up until then: a
  /// request may be on its way already, and would be lost.
  void windDown() {
    draining = true;
  }

  /// No further request is to come over this connection.
  void drain() {
    draining = true;
    if (exchange == null && state != State.CLOSING && context != null) {
      closing(context); // and not at once: the last answer may not be gone yet
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.writable(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    InFlight left = exchange;
    exchange = null;
    state = State.CLOSING;
    releaseWaiting();
    if (left != null) {
      left.callerGone();
    }
  }

  private void releaseWaiting() {
    while (!waiting.isEmpty()) {
      ReferenceCountUtil.release(waiting.remove());
    }
  }

  /// A reset is a caller that hung up; what else may come here is a bug, and the connection is not
  /// to be trusted.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    try {
      if (!(cause instanceof IOException)) {
        LOG.error("exchange failed by a bug", cause);
        refuse(
            GatewayError.of(
                ErrorCode.INTERNAL_ERROR, "The gateway failed; the request id tells its log."));
      }
    } finally {
      ctx.close();
    }
  }
}
