package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.socket.GatheredFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// What a caller's connection passes through: the strict decoder and the handler.
public final class DownstreamPipeline extends ChannelInitializer<Channel> {
  private final Function<EventLoop, InFlight.Factory> exchanges;
  private final ChannelGroup connections;
  private final BooleanSupplier windingDown;

  /// @param exchanges what serves the requests of an event loop
  /// @param connections takes every connection that is open
  /// @param windingDown whether a new connection is good for one request alone
  public DownstreamPipeline(
      Function<EventLoop, InFlight.Factory> exchanges,
      ChannelGroup connections,
      BooleanSupplier windingDown) {
    this.exchanges = exchanges;
    this.connections = connections;
    this.windingDown = windingDown;
  }

  @Override
  protected void initChannel(Channel channel) {
    connections.add(channel);
    ConnectionHandler handler =
        new ConnectionHandler(exchanges.apply(channel.eventLoop()), new RequestIds());
    if (windingDown.getAsBoolean()) {
      handler.windDown();
    }
    channel
        .pipeline()
        .addLast(new GatheredFlush())
        .addLast(new StrictRequestDecoder())
        .addLast(handler);
  }

  /// Lets every connection end with its next answer. On the connection's event loop.
  public static void windDown(Channel connection) {
    ConnectionHandler handler = connection.pipeline().get(ConnectionHandler.class);
    if (handler != null) {
      connection.eventLoop().execute(handler::windDown);
    }
  }

  /// Lets every connection end after the answer that is on its way. On the connection's event loop.
  public static void drain(Channel connection) {
    ConnectionHandler handler = connection.pipeline().get(ConnectionHandler.class);
    if (handler != null) {
      connection.eventLoop().execute(handler::drain);
    }
  }
}
