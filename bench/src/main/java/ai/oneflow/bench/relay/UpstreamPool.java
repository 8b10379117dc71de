package ai.oneflow.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Idle upstream connections of the one event loop; the youngest is leased first.
final class UpstreamPool {
  private final InetSocketAddress address;
  private final Deque<Channel> idle = new ArrayDeque<>();

  UpstreamPool(InetSocketAddress address) {
    this.address = address;
  }

  void lease(Channel caller, Consumer<Channel> leased, Runnable failed) {
    Channel channel = idle.pollLast();
    if (channel == null) {
      connect(caller, leased, failed);
      return;
    }
    channel.pipeline().get(Upstream.class).leaseTo(caller);
    leased.accept(channel);
  }

  private void connect(Channel caller, Consumer<Channel> leased, Runnable failed) {
    Upstream upstream = new Upstream(this);
    upstream.leaseTo(caller);
    var connecting =
        new Bootstrap()
            .group(caller.eventLoop())
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpClientCodec(), upstream);
                  }
                })
            .connect(address);
    var _ =
        connecting.addListener(
            done -> {
              if (done.isSuccess()) {
                leased.accept(connecting.channel());
              } else {
                failed.run();
              }
            });
  }

  void giveBack(Channel channel) {
    idle.addLast(channel);
  }

  void forget(Channel channel) {
    idle.remove(channel);
  }
}
