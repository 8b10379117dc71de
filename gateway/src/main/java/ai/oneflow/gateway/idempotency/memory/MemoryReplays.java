package ai.oneflow.gateway.idempotency.memory;

import ai.oneflow.gateway.idempotency.Claim;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.Turn;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Names of one process, within a bound of bytes. Everything is decided at once, on the calling
/// thread; one lock guards all, for some hundred nanoseconds.
///
/// Where answers take more than the bound, the oldest are dropped first: their names stay, so that
/// whoever repeats such a request is refused and not charged again. Only where names alone take the
/// bound (some 260,000 of them) the oldest are forgotten before their time.
public final class MemoryReplays implements Replays {
  /// Of all answers and names together.
  public static final long MOST_BYTES = 64L << 20;

  /// What a name takes, about.
  static final int NAME_BYTES = 256;

  private final InstantSource clock;
  private final long mostBytes;
  private final Listener listener;
  private final Map<String, Held> claimed = new HashMap<>();

  /// In the order in which they will be forgotten.
  private final LinkedHashMap<String, Concluded> concluded = new LinkedHashMap<>();

  /// Those of them that have an answer, in the same order.
  private final Queue<Concluded> kept = new ArrayDeque<>();

  private long bytes;

  /// What was answered under a name.
  private static final class Concluded {
    private final String body;
    private final long untilMillis;
    private Conclusion conclusion;

    Concluded(String body, Conclusion conclusion, long untilMillis) {
      this.body = body;
      this.conclusion = conclusion;
      this.untilMillis = untilMillis;
    }

    int answerBytes() {
      return switch (conclusion) {
        case Conclusion.Kept(var answer) -> answer.body().length;
        case Conclusion.NotKept() -> 0;
      };
    }
  }

  public MemoryReplays(InstantSource clock, long mostBytes, Listener listener) {
    this.clock = clock;
    this.mostBytes = mostBytes;
    this.listener = listener;
  }

  @Override
  public void claim(Identity identity, Executor loop, Consumer<Claim> then) {
    then.accept(claim(identity));
  }

  private synchronized Claim claim(Identity identity) {
    long now = clock.millis();
    forget(now);
    Concluded answered = concluded.get(identity.name());
    if (answered != null) {
      return answered.body.equals(identity.body())
          ? new Claim.Concluded(answered.conclusion)
          : new Claim.Mismatch();
    }
    Held holder = claimed.get(identity.name());
    if (holder != null && now < holder.untilMillis) {
      return holder.identity.body().equals(identity.body())
          ? new Claim.UnderWay()
          : new Claim.Mismatch();
    }
    Held turn = new Held(identity, now + LEASE_MILLIS);
    claimed.put(identity.name(), turn);
    return new Claim.First(turn);
  }

  private void forget(long now) {
    Iterator<Concluded> oldest = concluded.values().iterator();
    while (oldest.hasNext()) {
      Concluded next = oldest.next();
      boolean full = bytes > mostBytes && kept.isEmpty();
      if (now < next.untilMillis && !full) {
        return;
      }
      bytes -= NAME_BYTES + next.answerBytes();
      if (next.equals(kept.peek())) {
        kept.remove();
      }
      oldest.remove();
    }
  }

  private void makeRoom() {
    while (bytes > mostBytes && !kept.isEmpty()) {
      Concluded oldest = kept.remove();
      bytes -= oldest.answerBytes();
      oldest.conclusion = new Conclusion.NotKept();
    }
    forget(clock.millis());
  }

  synchronized long bytes() {
    return bytes;
  }

  @Override
  public void close() {}

  /// A claim; its identity as an object is its fence.
  private final class Held implements Turn {
    private final Identity identity;
    private long untilMillis;

    Held(Identity identity, long untilMillis) {
      this.identity = identity;
      this.untilMillis = untilMillis;
    }

    /// Whether the name is another's by now.
    private boolean isTheirs() {
      forget(clock.millis());
      Held holder = claimed.get(identity.name());
      return concluded.containsKey(identity.name()) || (holder != null && !holder.equals(this));
    }

    @Override
    public void renew() {
      synchronized (MemoryReplays.this) {
        if (!isTheirs()) {
          untilMillis = clock.millis() + LEASE_MILLIS;
          claimed.put(identity.name(), this);
        }
      }
    }

    @Override
    public void conclude(Conclusion conclusion) {
      end(Optional.of(conclusion));
    }

    @Override
    public void letGo() {
      end(Optional.empty());
    }

    private void end(Optional<Conclusion> conclusion) {
      synchronized (MemoryReplays.this) {
        if (isTheirs()) {
          return;
        }
        claimed.remove(identity.name());
        conclusion.ifPresent(this::keep);
      }
      listener.changed(identity.name());
    }

    private void keep(Conclusion conclusion) {
      Concluded entry = new Concluded(identity.body(), conclusion, clock.millis() + KEPT_MILLIS);
      concluded.put(identity.name(), entry);
      if (entry.answerBytes() > 0) {
        kept.add(entry);
      }
      bytes += NAME_BYTES + entry.answerBytes();
      makeRoom();
    }
  }
}
