package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.socket.GatheredFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.util.function.Function;

/// What a caller's connection passes through: the strict decoder and the handler.
public final class DownstreamPipeline extends ChannelInitializer<Channel> {
  private final Function<EventLoop, InFlight.Factory> exchanges;
  private final ChannelGroup connections;

  /// @param exchanges what serves the requests of an event loop
  /// @param connections takes every connection that is open
  public DownstreamPipeline(
      Function<EventLoop, InFlight.Factory> exchanges, ChannelGroup connections) {
    this.exchanges = exchanges;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new GatheredFlush())
        .addLast(new StrictRequestDecoder())
        .addLast(new ConnectionHandler(exchanges.apply(channel.eventLoop()), new RequestIds()));
  }

  /// Lets every connection end after the answer that is on its way. On the connection's event loop.
  public static void drain(Channel connection) {
    ConnectionHandler handler = connection.pipeline().get(ConnectionHandler.class);
    if (handler != null) {
      connection.eventLoop().execute(handler::drain);
    }
  }
}
