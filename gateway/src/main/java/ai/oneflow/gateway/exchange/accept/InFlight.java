package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;

/// A request on its way, as its caller's connection sees it. All calls come on the connection's
/// event loop.
public interface InFlight {

  /// Makes what serves an accepted request.
  interface Factory {
    InFlight begin(AcceptedRequest request, Downstream downstream);

    /// The largest body that is accepted at present, in bytes as received.
    long maxRequestBytes();

    /// How much the event loop has taken on.
    LoopPressure pressure();

    /// A request was answered with an error before it could be begun.
    void refused(ErrorCode code);

    /// The process is about to end: what is under way for callers who left ends here.
    ///
    /// @return done when all of it is written down; the event loop has to go on until then
    CompletionStage<?> stop();
  }

  /// A piece of the body.
  ///
  /// @param piece belongs to the exchange, who releases it
  void body(ByteBuf piece);

  /// The body is complete.
  void bodyComplete();

  /// The caller takes bytes again, or cannot keep up.
  void writable(boolean writable);

  /// The request cannot be taken to its end: its body is too large or malformed, or the gateway
  /// failed. To be answered with this, unless it was answered.
  void refuse(GatewayError error);

  /// The caller hung up before the answer was complete.
  void callerGone();
}
