package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.dialect.openai.OpenAiTexts;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// The body of a request on its way. Until an answer has begun it may have to be sent again; from
/// then on it is of use only to count the prompt where the provider gives no figures in the end,
/// and kept for that if its event loop has room. Confined to that event loop.
final class HeldBody {
  /// Longer ones are not counted, for that takes long.
  static final int MOST_BYTES = 256 << 10;

  private enum State {
    NEEDED,
    KEPT,
    RELEASED
  }

  private final ByteBuf body;
  private final KeptBytes room;
  private final Runnable released;
  private State state = State.NEEDED;

  /// @param released told once, when it is
  HeldBody(ByteBuf body, KeptBytes room, Runnable released) {
    this.body = body;
    this.room = room;
    this.released = released;
  }

  /// It will not be sent again.
  ///
  /// @param countable it may be of use all the same
  void sent(boolean countable) {
    if (state != State.NEEDED) {
      return;
    }
    if (countable && body.readableBytes() <= MOST_BYTES && room.take(body.readableBytes())) {
      state = State.KEPT;
    } else {
      release();
    }
  }

  /// Nobody needs it any more.
  void release() {
    if (state == State.KEPT) {
      room.giveBack(body.readableBytes());
    }
    if (state != State.RELEASED) {
      state = State.RELEASED;
      body.release();
      released.run();
    }
  }

  /// The texts of it, for the thread of a tokenizer; nothing may be released meanwhile.
  List<String> texts() {
    boolean usable = state != State.RELEASED && body.readableBytes() <= MOST_BYTES;
    return usable ? OpenAiTexts.ofRequest(body) : List.of();
  }
}
