package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Splitting;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A running provider stand-in: one event loop, one port. Every method may be called from any
/// thread.
///
/// In a test: `try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) { … }`.
public final class Simulator implements AutoCloseable {
  private static final int LARGEST_REQUEST_BYTES = 64 << 20;
  private static final int LARGEST_HEADER_BYTES = 256 << 10;

  private final Provider provider;
  private final EventLoopGroup loop;
  private final Channel listener;

  private Simulator(Provider provider, EventLoopGroup loop, Channel listener) {
    this.provider = provider;
    this.loop = loop;
    this.listener = listener;
  }

  /// Listens before it returns.
  public static Simulator start(SimulatorOptions options) {
    Provider provider = new Provider(options, Clock.systemUTC());
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, ioHandler());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(channelType())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 << 10, 64 << 10))
            .childHandler(options.fast() ? new FastChannels() : new Channels(provider));
    try {
      InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
      Channel listener = bootstrap.bind(address).syncUninterruptibly().channel();
      return new Simulator(provider, loop, listener);
    } catch (RuntimeException e) {
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  private static IoHandlerFactory ioHandler() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  private static Class<? extends ServerChannel> channelType() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// What a client is told as base URL: ends with `/v1`.
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port() + "/v1");
  }

  /// Adds a rule behind those already there; the first that matches a request holds for it.
  public void script(ScriptRule rule) {
    provider.scripts().add(rule);
  }

  /// The next `times` requests are answered so (0: all until [#clearScripts]); see [Script#parse].
  public void script(int times, String words) {
    script(ScriptRule.times(times, Script.parse(words)));
  }

  public void clearScripts() {
    provider.scripts().clear();
  }

  /// In order of arrival; the newest 20,000. Empty in fast mode, which keeps no journal.
  public List<ReceivedRequest> requests() {
    return provider.journal().requests();
  }

  public void clearRequests() {
    provider.journal().clear();
  }

  /// From now on these bearer tokens are good and no others; none: all are.
  public void acceptKeys(Set<String> keys) {
    provider.accept(AcceptedKeys.of(keys));
  }

  /// From now on answers come from these recordings alone; none: from the simulator again.
  public void replay(List<Recording> recordings, Splitting splitting) {
    provider.replay(recordings, Script.HONEST.withSplitting(splitting));
  }

  /// Waits until the listener is closed, which only [#close] does.
  public void awaitClose() throws InterruptedException {
    listener.closeFuture().sync();
  }

  /// Closes every connection. May be called again.
  @Override
  public void close() {
    if (loop.isShuttingDown()) {
      return;
    }
    listener.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Channels extends ChannelInitializer<Channel> {
    private final Provider provider;

    Channels(Provider provider) {
      this.provider = provider;
    }

    @Override
    protected void initChannel(Channel channel) {
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(16 << 10)
              .setMaxHeaderSize(LARGEST_HEADER_BYTES);
      channel
          .pipeline()
          .addLast(new HttpRequestDecoder(limits))
          .addLast(Connection.ENCODER, new HttpResponseEncoder())
          .addLast(new HttpObjectAggregator(LARGEST_REQUEST_BYTES))
          .addLast(new Connection(provider));
    }
  }

  private static final class FastChannels extends ChannelInitializer<Channel> {
    private final FastAnswers answers = FastAnswers.create();

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new FastConnection(answers));
    }
  }
}
