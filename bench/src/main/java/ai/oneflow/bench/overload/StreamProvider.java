package ai.oneflow.bench.overload;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Answers every request with the same stream, twenty chunks a write. The simulator writes each
/// chunk by itself, which costs more than a gateway makes of it: with a processor for
/// each, it would be the provider that has too little.
final class StreamProvider implements AutoCloseable {
  private static final int CHUNKS_A_WRITE = 20;

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String CHUNK =
      """
      {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1755137933,"model":"gpt-4o",\
      "choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}""";
  private static final String USAGE =
      """
      {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1755137933,"model":"gpt-4o",\
      "choices":[],"usage":{"prompt_tokens":200,"completion_tokens":100,"total_tokens":300}}""";

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  private StreamProvider(int port, int chunks) {
    List<ByteBuf> writes = writes(Math.ceilDiv(chunks, CHUNKS_A_WRITE));
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(1024))
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpRequestDecoder(), new Answering(writes));
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .syncUninterruptibly();
  }

  /// @param chunks of an answer; rounded up to whole writes
  static StreamProvider listen(int port, int chunks) {
    return new StreamProvider(port, chunks);
  }

  private static List<ByteBuf> writes(int count) {
    List<ByteBuf> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder(i == 0 ? HEAD : "");
      for (int j = 0; j < CHUNKS_A_WRITE; j++) {
        text.append(chunk(CHUNK.formatted("{\"content\":\" word\"}", "null", "")));
      }
      if (i == count - 1) {
        text.append(chunk(CHUNK.formatted("{}", "\"stop\"", "")))
            .append(chunk(USAGE))
            .append(chunk("[DONE]"))
            .append("0\r\n\r\n");
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
      writes.add(
          Unpooled.unreleasableBuffer(
              Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly()));
    }
    return List.copyOf(writes);
  }

  private static String chunk(String data) {
    String event = "data: " + data + "\n\n";
    return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
  }

  /// One connection of the gateway's.
  private static final class Answering extends ChannelInboundHandlerAdapter {
    private final List<ByteBuf> writes;

    Answering(List<ByteBuf> writes) {
      this.writes = writes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      boolean last = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (last) {
        for (ByteBuf write : writes) {
          var _ = ctx.writeAndFlush(write.duplicate(), ctx.voidPromise());
        }
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }

  @Override
  public void close() {
    var _ = group.shutdownGracefully();
  }
}
