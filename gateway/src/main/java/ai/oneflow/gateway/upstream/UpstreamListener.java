package ai.oneflow.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/// Hears of an answer as it arrives, on the event loop of the call: one [#head], any number of
/// [#content], then [#end]; or [#failed] at any point, and nothing after it.
public interface UpstreamListener {

  void head(HttpResponse head);

  /// @param content belongs to the listener, who releases it
  void content(ByteBuf content);

  /// All that had arrived has been told: a good moment to flush.
  void readComplete();

  void end();

  void failed(UpstreamFault fault);
}
