package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// One caller's connection: takes requests as they come, answers them one after the other in the
/// same order (RFC 9112, 9.3.2).
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
  /// The name of the handler past which answers are written.
  static final String ENCODER = "encoder";

  private static final int MOST_WAITING = 1024;

  private final Provider provider;
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private Optional<Playback> playing = Optional.empty();
  private boolean closing;

  private record Asked(ReceivedCall call, boolean keepAlive) {}

  Connection(Provider provider) {
    this.provider = provider;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      refuse(ctx);
      return;
    }
    waiting.add(new Asked(received(request), HttpUtil.isKeepAlive(request)));
    if (waiting.size() > MOST_WAITING) {
      ctx.channel().config().setAutoRead(false);
    }
    next(ctx);
  }

  private void next(ChannelHandlerContext ctx) {
    if (playing.isPresent() || closing || waiting.isEmpty()) {
      return;
    }
    Asked asked = waiting.remove();
    ctx.channel().config().setAutoRead(true);
    start(ctx, asked);
  }

  private void start(ChannelHandlerContext ctx, Asked asked) {
    Playback playback =
        new Playback(
            ctx.pipeline().context(ENCODER),
            provider.play(asked.call()),
            provider.journal(),
            () -> ended(ctx, asked.keepAlive()));
    playing = Optional.of(playback);
    playback.proceed();
  }

  private void ended(ChannelHandlerContext ctx, boolean keepAlive) {
    playing = Optional.empty();
    if (!keepAlive) {
      closing = true;
      var _ = ctx.close();
      return;
    }
    // In a task of its own, so that a thousand pipelined requests do not nest a thousand calls.
    ctx.executor().execute(() -> next(ctx));
  }

  private void refuse(ChannelHandlerContext ctx) {
    Draft error = Draft.of(OpenAiError.invalid("", "", "The request is not well-formed HTTP."));
    List<Step> steps = new ArrayList<>(Staging.stage(error, Script.HONEST, 0));
    steps.add(new Step.HangUp(true));
    closing = true;
    new Playback(
            ctx.pipeline().context(ENCODER),
            new Play(
                steps, Play.UNNOTED, ReceivedRequest.Produced.begin(error.status(), Usage.NOTHING)),
            provider.journal(),
            () -> {})
        .proceed();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    playing.ifPresent(Playback::proceed);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    playing.ifPresent(Playback::callerLeft);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A caller's reset is nothing to report here: channelInactive notes it in the journal.
    var _ = ctx.close();
  }

  private static ReceivedCall received(FullHttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Map<String, List<String>> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            header ->
                headers
                    .computeIfAbsent(
                        header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.getValue()));
    return new ReceivedCall(
        request.method().name(),
        uri.path(),
        uri.parameters(),
        headers,
        Body.of(ByteBufUtil.getBytes(request.content())));
  }
}
