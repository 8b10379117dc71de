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
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
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
    } else if (silences >= idleSilences() && state != State.BUSY && context != null) {
      context.close();
    }
  }

  /// Where others wait for a place it is not kept for one who does not use it.
  private int idleSilences() {
    return exchanges.pressure().gateway().connections().isReached() ? 1 : IDLE_SILENCES;
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
    Downstream way = way(ctx, request, RequestHead.framing(head));
    downstream = way;
    Optional<GatewayError> refusal = refusal(head, way);
    if (refusal.isPresent()) {
      refuse(refusal.get());
      return;
    }
    InFlight begun = exchanges.begin(request, way);
    if (!answered) { // on its head alone
      exchange = begun;
      goOn(ctx, head);
    }
  }

  private Optional<GatewayError> refusal(HttpRequest head, Downstream way) {
    long length = HttpUtil.getContentLength(head, 0L);
    if (length > maxBytes) {
      return Optional.of(tooLarge());
    }
    if (head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      return Optional.of(
          GatewayError.of(
              ErrorCode.UNSUPPORTED_ENCODING, "Send the body without Content-Encoding."));
    }
    return way.take(length);
  }

  private Downstream way(
      ChannelHandlerContext ctx, AcceptedRequest request, Downstream.Framing framing) {
    Place place = new Place(exchanges.pressure());
    return new Downstream(new Downstream.Connection(ctx, this, place), request, framing);
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

  private void body(HttpObject message) {
    if (message.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      refuse(
          GatewayError.of(
              ErrorCode.MALFORMED_REQUEST, "The body's chunks are not framed as RFC 9112 asks."));
      return;
    }
    InFlight current = exchange;
    Downstream way = downstream;
    if (!(message instanceof HttpContent content) || current == null || way == null) {
      ReferenceCountUtil.release(message);
      return;
    }
    Optional<GatewayError> refusal = grow(content.content().readableBytes(), way);
    if (refusal.isPresent()) {
      content.release();
      refuse(refusal.get());
      return;
    }
    received = message instanceof LastHttpContent;
    current.body(content.content());
    if (received && !answered) {
      current.bodyComplete();
    }
  }

  private Optional<GatewayError> grow(int bytes, Downstream way) {
    bodyBytes += bytes;
    return bodyBytes > maxBytes ? Optional.of(tooLarge()) : way.place().add(bytes);
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
    GatewayError error = RequestHead.malformed(cause);
    received = false;
    head = null;
    exchanges.refused(error.code());
    AcceptedRequest nameless =
        new AcceptedRequest(ids.next(), new Endpoint.Unknown(), Downstream.headers(), 0, 0);
    way(ctx, nameless, new Downstream.Framing(false, true, false))
        .error(error, Downstream.headers());
  }

  /// Whether another request may follow.
  boolean reusable() {
    return canFollow() && !draining;
  }

  /// Whether another request can follow: the body has come, or is short enough to be skipped.
  boolean canFollow() {
    return received || (head != null && RequestHead.isSmall(head));
  }

  /// The answer is complete and the connection goes on.
  void answered() {
    ended();
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

  private void ended() {
    answered = true;
    exchange = null;
    if (downstream != null) {
      downstream.place().left();
      downstream.bodyReleased();
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
    ended();
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
    if (downstream != null) {
      downstream.place().left();
    }
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
