package ai.oneflow.gateway;

import ai.oneflow.gateway.exchange.replay.Replayer;
import ai.oneflow.gateway.idempotency.ClaimDesk;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.memory.MemoryReplays;
import ai.oneflow.snapshot.GatewayEntry;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The names of a gateway's requests, where configuration says they are kept.
final class Repeating implements AutoCloseable {
  private final ClaimDesk desk = new ClaimDesk();
  private @Nullable Replays keeper;

  /// What requests are looked up by.
  Replayer replayer() {
    return new Replayer(desk);
  }

  /// A configuration is about to be in force. One thread at a time, never an event loop.
  void configure(GatewayEntry gateway) {
    if (keeper == null) {
      keeper = new MemoryReplays(InstantSource.system(), MemoryReplays.MOST_BYTES, desk);
      desk.replace(keeper);
    }
  }

  @Override
  public void close() {
    if (keeper != null) {
      keeper.close();
    }
  }
}
