package ai.oneflow.gateway.exchange.accept;

import io.netty.channel.ChannelHandler;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// How much a gateway has taken on, against its [Bounds]: shared by all event loops.
public final class Pressure {

  /// Why a request is shed before it is looked at.
  public enum Reason {
    BODIES("bodies"),
    LAG("lag");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /// As metrics name it.
    public String label() {
      return label;
    }
  }

  private final Bounds bounds;
  private final BodyBudget bodies;
  private final ConnectionCap connections;
  private final List<LoopPressure> loops = new CopyOnWriteArrayList<>();
  private final LongAdder[] shed = new LongAdder[Reason.values().length];

  public Pressure(Bounds bounds) {
    this.bounds = bounds;
    this.bodies = new BodyBudget(bounds.bodyBytes());
    this.connections = new ConnectionCap(bounds.connections());
    Arrays.setAll(shed, any -> new LongAdder());
  }

  /// That of one more event loop.
  public LoopPressure onLoop() {
    LoopPressure loop = new LoopPressure(this, bounds.lag());
    loops.add(loop);
    return loop;
  }

  /// To be put before what else a listener does with a connection.
  public ChannelHandler acceptor() {
    return connections;
  }

  ConnectionCap connections() {
    return connections;
  }

  BodyBudget bodies() {
    return bodies;
  }

  @SuppressWarnings("EnumOrdinal") // it lives no longer than the process
  void shed(Reason reason) {
    shed[reason.ordinal()].increment();
  }

  /// How many requests were shed so far.
  @SuppressWarnings("EnumOrdinal")
  public long shedBy(Reason reason) {
    return shed[reason.ordinal()].sum();
  }

  /// Of requests and answers, held now.
  public long bodyBytes() {
    return bodies.held();
  }

  /// Of callers, open now.
  public int openConnections() {
    return connections.open();
  }

  /// How long the turn took that was looked at last, on the event loop where that was longest; in
  /// seconds.
  public double lagSeconds() {
    return loops.stream().mapToLong(LoopPressure::lagNanos).max().orElse(0) / 1e9;
  }
}
