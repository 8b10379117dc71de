package ai.oneflow.bench.soak;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.util.concurrent.TimeUnit;

/// Opens streams, each on a connection of its own, and replaces those that end until it is told to
/// finish. All state belongs to the one event loop; counts are read through it.
final class StreamLoad implements AutoCloseable {
  private static final int OPENED_AT_ONCE = 50;
  private static final int MILLIS_BETWEEN = 50;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final StreamRequest request;
  private final int wanted;
  private final Bootstrap bootstrap;
  private boolean finishing;
  private Counts counts = new Counts(0, 0, 0, 0);

  /// How the streams stand.
  record Counts(int open, int complete, int failed, int mostOpen) {
    Counts opened() {
      return new Counts(open + 1, complete, failed, Math.max(mostOpen, open + 1));
    }

    Counts ended(boolean whole) {
      return new Counts(open - 1, complete + (whole ? 1 : 0), failed + (whole ? 0 : 1), mostOpen);
    }
  }

  StreamLoad(StreamRequest request, int wanted) {
    this.request = request;
    this.wanted = wanted;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new StreamReader(request, whole -> ended(whole)));
                  }
                });
  }

  void begin() {
    loop.execute(this::fill);
  }

  /// A few at a time, so that the accept queue is not what is tested; and again and again, which
  /// replaces those that end.
  private void fill() {
    if (finishing) {
      return;
    }
    for (int i = 0; i < OPENED_AT_ONCE && counts.open() < wanted; i++) {
      open();
    }
    var _ = loop.schedule(this::fill, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
  }

  private void open() {
    counts = counts.opened();
    var _ =
        bootstrap
            .connect(request.url().getHost(), request.url().getPort())
            .addListener(
                connected -> {
                  if (!connected.isSuccess()) {
                    ended(false);
                  }
                });
  }

  private void ended(boolean whole) {
    counts = counts.ended(whole);
  }

  Counts counts() {
    return loop.submit(() -> counts).syncUninterruptibly().getNow();
  }

  /// Opens no more and waits until the open ones have ended, at most this long.
  void finish(int seconds) throws InterruptedException {
    var _ = loop.submit(() -> finishing = true).sync();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (counts().open() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
