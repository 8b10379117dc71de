package ai.oneflow.gateway.exchange.relay;

import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import java.util.ArrayDeque;
import java.util.Deque;

/// The readers of answers that one event loop has made so far and that none of its relays uses.
public final class UsageReaders {
  private final Deque<OpenAiUsageReader> free = new ArrayDeque<>();

  OpenAiUsageReader take() {
    OpenAiUsageReader reader = free.pollLast();
    OpenAiUsageReader taken = reader == null ? new OpenAiUsageReader() : reader;
    taken.reset();
    return taken;
  }

  void giveBack(OpenAiUsageReader reader) {
    free.addLast(reader);
  }
}
