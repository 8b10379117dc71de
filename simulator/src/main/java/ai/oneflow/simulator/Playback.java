package ai.oneflow.simulator;

import ai.oneflow.simulator.ReceivedRequest.Produced;
import ai.oneflow.simulator.ReceivedRequest.State;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;

/// Performs one play on a connection, step by step, on its event loop. Goes no further while the
/// caller does not read.
final class Playback {
  private final ChannelHandlerContext out;
  private final Play play;
  private final Journal journal;
  private final Runnable whenComplete;
  private Produced produced;
  private int position;
  private boolean waiting;

  /// @param out a context from which a write goes to the socket past every encoder
  Playback(ChannelHandlerContext out, Play play, Journal journal, Runnable whenComplete) {
    this.out = out;
    this.play = play;
    this.journal = journal;
    this.whenComplete = whenComplete;
    this.produced = play.produced();
  }

  /// Performs what can be performed now. Called again by the connection when it can be written to.
  void proceed() {
    while (!waiting && isRunning() && out.channel().isWritable()) {
      perform(play.steps().get(position++));
    }
  }

  void callerLeft() {
    if (isRunning()) {
      end(State.CALLER_LEFT);
    }
  }

  private boolean isRunning() {
    return produced.state() == State.RUNNING;
  }

  private void perform(Step step) {
    switch (step) {
      case Step.Send send -> send(send);
      case Step.Wait(var duration) -> {
        waiting = true;
        var _ = out.executor().schedule(this::resume, duration.toNanos(), TimeUnit.NANOSECONDS);
      }
      case Step.Reset() -> {
        end(State.CUT_BY_SCRIPT);
        out.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        var _ = out.close();
      }
      case Step.HangUp(boolean whole) -> {
        end(whole ? State.COMPLETE : State.CUT_BY_SCRIPT);
        var _ = out.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
      case Step.Stall() -> {
        waiting = true;
        note();
      }
    }
  }

  /// The last bytes are noted before they leave, so that whoever has them finds the note complete.
  private void send(Step.Send step) {
    boolean last = position == play.steps().size();
    produced = produced.sent(step);
    if (last) {
      end(State.COMPLETE);
    }
    var _ = out.writeAndFlush(Unpooled.wrappedBuffer(step.wire().bytes()), out.voidPromise());
    if (last) {
      whenComplete.run();
    }
  }

  private void resume() {
    waiting = false;
    proceed();
  }

  private void end(State state) {
    produced = produced.ended(state);
    note();
  }

  private void note() {
    if (play.entry() != Play.UNNOTED) {
      journal.update(play.entry(), produced);
    }
  }
}
