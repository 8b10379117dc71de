package ai.oneflow.gateway.exchange.accept;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Hears what a caller is answered, also once the caller has left. The last call is one of
/// [#complete] and [#failed]. On the connection's event loop.
public interface AnswerTap {

  /// @param headers without those of the connection
  void head(int status, HttpHeaders headers);

  /// A piece of the body.
  ///
  /// @param piece to be looked at and left as it is
  void piece(ByteBuf piece);

  /// All of it was said.
  void complete();

  /// It is an error, it broke off, or nobody wants it any more.
  void failed();
}
