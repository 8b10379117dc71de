package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Exchanges that note what they hear, and answer when they are told to or have to refuse.
final class ScriptedExchanges implements InFlight.Factory, InFlight {
  final List<String> heard = new ArrayList<>();
  private final LoopPressure pressure = new Pressure(Bounds.usual()).onLoop();
  private @Nullable Downstream downstream;
  boolean failing;

  @Override
  public InFlight begin(AcceptedRequest request, Downstream way) {
    downstream = way;
    return this;
  }

  void beginStream() {
    if (downstream != null) {
      downstream.begin(200, Downstream.headers());
    }
  }

  void endStream() {
    if (downstream != null) {
      downstream.end();
    }
  }

  void answer() {
    if (downstream != null) {
      downstream.answer(200, Downstream.headers(), Unpooled.EMPTY_BUFFER);
    }
  }

  @Override
  public long maxRequestBytes() {
    return 10;
  }

  @Override
  public LoopPressure pressure() {
    return pressure;
  }

  @Override
  public void refused(ErrorCode code) {
    heard.add("refused by the connection: " + code.code());
  }

  @Override
  public CompletionStage<?> stop() {
    heard.add("stop");
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void body(ByteBuf piece) {
    int bytes = piece.readableBytes();
    piece.release();
    if (failing) {
      throw new IllegalStateException("a bug");
    }
    heard.add(bytes + " bytes");
  }

  @Override
  public void bodyComplete() {
    heard.add("complete");
  }

  @Override
  public void writable(boolean writable) {}

  @Override
  public void refuse(GatewayError error) {
    heard.add(error.code().code());
    if (downstream != null) {
      downstream.error(error, Downstream.headers());
    }
  }

  @Override
  public void callerGone() {
    heard.add("gone");
  }
}
