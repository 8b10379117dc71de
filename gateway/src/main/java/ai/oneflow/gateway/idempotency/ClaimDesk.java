package ai.oneflow.gateway.idempotency;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where requests claim their names: asks the keeper that configuration names now, and lets those
/// wait whose first attempt is under way. Whoever waits for one of this process is told when it
/// ends; of others it is asked now and then. Shared by all event loops.
public final class ClaimDesk implements Replays.Listener {
  /// How long a repeated request waits for the answer to the first.
  public static final long PATIENCE_MILLIS = 30_000;

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final AtomicReference<Replays> current = new AtomicReference<>(new Nobody());
  private final Map<String, Set<Wait>> waiting = new ConcurrentHashMap<>();

  /// Before there is a configuration.
  private static final class Nobody implements Replays {
    @Override
    public void claim(Identity identity, Executor loop, Consumer<Claim> then) {
      then.accept(new Claim.Unreachable());
    }

    @Override
    public void close() {}
  }

  /// Claims from this one from now on, and returns the former, which is still to be closed once
  /// what it has is concluded.
  public Replays replace(Replays next) {
    return current.getAndSet(next);
  }

  /// As [Replays#claim], but that it waits for a first attempt for up to [#PATIENCE_MILLIS].
  ///
  /// @param loop the event loop that calls, and on which `then` runs
  /// @param then called once, maybe before this returns
  public void claim(Identity identity, ScheduledExecutorService loop, Consumer<Claim> then) {
    new Wait(identity, loop, then).ask();
  }

  @Override
  public void changed(String name) {
    for (Wait wait : waiting.getOrDefault(name, Set.of())) {
      wait.loop.execute(wait::told);
    }
  }

  /// One request that asks. Lives on its event loop.
  private final class Wait {
    private final Identity identity;
    private final ScheduledExecutorService loop;
    private final Consumer<Claim> then;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean asking;
    private boolean toldMeanwhile;
    private boolean over;
    private boolean ended;
    private @Nullable Future<?> patience;
    private @Nullable Future<?> pause;

    Wait(Identity identity, ScheduledExecutorService loop, Consumer<Claim> then) {
      this.identity = identity;
      this.loop = loop;
      this.then = then;
    }

    void ask() {
      asking = true;
      toldMeanwhile = false;
      cancel(pause);
      current.get().claim(identity, loop, this::answered);
    }

    private void answered(Claim claim) {
      asking = false;
      if (!(claim instanceof Claim.UnderWay) || over) {
        end(claim);
      } else if (toldMeanwhile) {
        ask();
      } else {
        await();
      }
    }

    private void await() {
      if (patience == null) {
        waiting.computeIfAbsent(identity.name(), _ -> ConcurrentHashMap.newKeySet()).add(this);
        patience = loop.schedule(this::giveUp, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      }
      pause = loop.schedule(this::ask, pauseMillis, TimeUnit.MILLISECONDS);
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    void told() {
      if (ended) {
        return;
      }
      if (asking) {
        toldMeanwhile = true;
      } else {
        ask();
      }
    }

    private void giveUp() {
      over = true;
      if (!asking) {
        end(new Claim.UnderWay());
      }
    }

    private void end(Claim claim) {
      ended = true;
      cancel(pause);
      cancel(patience);
      if (patience != null) {
        waiting.computeIfPresent(
            identity.name(),
            (_, waits) -> {
              waits.remove(this);
              return waits.isEmpty() ? null : waits;
            });
      }
      then.accept(claim);
    }

    private static void cancel(@Nullable Future<?> task) {
      if (task != null) {
        task.cancel(false);
      }
    }
  }
}
