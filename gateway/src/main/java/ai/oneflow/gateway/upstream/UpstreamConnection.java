package ai.oneflow.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to a provider, with at most one call at a time. After a complete answer it goes
/// back to its pool; after anything else it is closed. Confined to its event loop.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

  private final UpstreamPool pool;
  private final UpstreamEndpoint endpoint;
  private final Channel channel;
  private @Nullable UpstreamCall call;
  private boolean reused;
  private boolean interim;
  private boolean keepAlive;
  private boolean written;
  private long idleSinceNanos;

  UpstreamConnection(UpstreamPool pool, UpstreamEndpoint endpoint, Channel channel) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.channel = channel;
  }

  UpstreamEndpoint endpoint() {
    return endpoint;
  }

  boolean reused() {
    return reused;
  }

  boolean isActive() {
    return channel.isActive();
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
    reused = true;
  }

  void send(UpstreamCall next, ByteBuf request) {
    call = next;
    written = false;
    ChannelFuture write = channel.writeAndFlush(request);
    write.addListener(_ -> sent(next, write));
  }

  private void sent(UpstreamCall sender, ChannelFuture write) {
    if (call != sender) {
      return;
    }
    if (write.isSuccess()) {
      written = true;
    } else {
      call = null;
      channel.close();
      sender.notWritten(this);
    }
  }

  void setReading(boolean read) {
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  void close() {
    call = null;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamCall current = call;
    if (current == null || !(message instanceof HttpObject object)) {
      ReferenceCountUtil.release(message);
      ctx.close(); // nobody asked: not to be trusted with the next request
      return;
    }
    if (object.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      fail(UpstreamFault.Kind.MALFORMED, "its answer is no HTTP");
      return;
    }
    if (object instanceof HttpResponse head) {
      head(current, head);
    }
    if (object instanceof HttpContent content) {
      content(current, content);
    }
  }

  private void head(UpstreamCall current, HttpResponse head) {
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!interim) {
      keepAlive = HttpUtil.isKeepAlive(head);
      current.head(head);
    }
  }

  private void content(UpstreamCall current, HttpContent content) {
    if (interim) {
      content.release();
      return;
    }
    ByteBuf bytes = content.content();
    if (bytes.isReadable()) {
      current.content(bytes);
    } else {
      bytes.release();
    }
    if (content instanceof LastHttpContent && call == current) {
      call = null;
      if (keepAlive && written && channel.isActive()) {
        setReading(true);
        pool.release(this);
      } else {
        channel.close();
      }
      current.end();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (call != null) {
      call.readComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(this);
    fail(UpstreamFault.Kind.CLOSED, "it hung up before its answer was complete");
  }

  /// What is neither the network's fault nor TLS's is a bug of those who listen.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
      LOG.error("exchange failed by a bug", cause);
    }
    fail(UpstreamFault.Kind.CLOSED, "the connection broke");
  }

  private void fail(UpstreamFault.Kind kind, String detail) {
    UpstreamCall current = call;
    call = null;
    channel.close();
    if (current != null) {
      if (!written && reused) {
        current.notWritten(this);
      } else {
        current.failed(new UpstreamFault(kind, detail));
      }
    }
  }
}
