package ai.oneflow.operator.keep;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.snapshot.GatewaySnapshot;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down what gateways have accepted: the first snapshot at once, then the newest one every
/// [#EVERY] as long as there are changes, and every [#LOOK_AGAIN] what is not there any more. Safe
/// for use by several threads.
public final class SnapshotKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  /// A pod that starts without an operator serves by something that is so old at most, plus what
  /// it takes to write.
  static final Duration EVERY = Duration.ofSeconds(10);

  private static final String NOT_KEPT = "SnapshotNotKept";

  /// Nobody watches these Secrets, which are large; one that is deleted is missing for so long.
  static final Duration LOOK_AGAIN = Duration.ofMinutes(3);

  private static final int READERS = 8;

  private final SnapshotSecrets secrets;
  private final Announcer announcer;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("snapshot-keeper").daemon().factory());

  /// By the LLMGateway's uid. What is in it is the thread's.
  private final Map<String, Keeping> keeping = new ConcurrentHashMap<>();

  public SnapshotKeeper(SnapshotSecrets secrets, Announcer announcer) {
    this.secrets = secrets;
    this.announcer = announcer;
    long period = LOOK_AGAIN.toMillis();
    thread.scheduleWithFixedDelay(this::lookAgain, period, period, TimeUnit.MILLISECONDS);
  }

  /// Writes what was deleted or changed since.
  void lookAgain() {
    keeping.values().forEach(of -> thread.execute(of::wantAgain));
  }

  /// What was kept of these gateways, by an operator before this one as a rule. Returns when all is
  /// read; what cannot be is not there.
  ///
  /// @param found called from several threads
  public void recall(
      Collection<LLMGateway> gateways, BiConsumer<LLMGateway, GatewaySnapshot> found) {
    try (ExecutorService readers =
        Executors.newFixedThreadPool(READERS, Thread.ofVirtual().name("recall-", 0).factory())) {
      for (LLMGateway gateway : gateways) {
        readers.execute(() -> recall(gateway).ifPresent(kept -> found.accept(gateway, kept)));
      }
    }
  }

  private Optional<GatewaySnapshot> recall(LLMGateway gateway) {
    try {
      return secrets.read(gateway);
    } catch (KubernetesClientException e) {
      String name = gateway.getMetadata().getName();
      LOG.warn("what was kept of {} cannot be read: {}", name, e.getMessage());
      return Optional.empty();
    }
  }

  /// A pod of this gateway runs this snapshot. Returns at once.
  public void keep(LLMGateway gateway, GatewaySnapshot snapshot) {
    Wanted wanted = new Wanted(gateway, snapshot);
    Keeping of = keeping.computeIfAbsent(gateway.getMetadata().getUid(), _ -> new Keeping());
    thread.execute(() -> of.want(wanted));
  }

  /// Forgets gateways that are gone; their Secrets go with them.
  public void retain(Collection<String> uids) {
    keeping.keySet().retainAll(uids);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private record Wanted(LLMGateway gateway, GatewaySnapshot snapshot) {
    boolean isSameAs(Optional<Wanted> other) {
      return other.filter(o -> o.snapshot.version().equals(snapshot.version())).isPresent();
    }
  }

  /// What is known of one gateway. Confined to the thread.
  private final class Keeping {
    private Optional<Wanted> wanted = Optional.empty();
    private Optional<Wanted> kept = Optional.empty();
    private boolean due;
    private long nextNanos = System.nanoTime();

    void want(Wanted next) {
      wanted = Optional.of(next).filter(w -> !w.isSameAs(kept));
      if (wanted.isPresent() && !due) {
        due = true;
        long delay = Math.max(0, nextNanos - System.nanoTime());
        thread.schedule(this::writeWanted, delay, TimeUnit.NANOSECONDS);
      }
    }

    void wantAgain() {
      Optional<Wanted> before = kept;
      kept = Optional.empty();
      wanted.or(() -> before).ifPresent(this::want);
    }

    private void writeWanted() {
      due = false;
      nextNanos = System.nanoTime() + EVERY.toNanos();
      wanted.ifPresent(this::write);
    }

    private void write(Wanted now) {
      try {
        secrets.write(now.gateway, now.snapshot);
        announcer.over(now.gateway, NOT_KEPT);
        kept = Optional.of(now);
        wanted = Optional.empty();
      } catch (KubernetesClientException | SnapshotSecrets.NotKept e) {
        LOG.warn(
            "the snapshot of {} is not kept: {}",
            now.gateway.getMetadata().getName(),
            e.getMessage());
        announcer.warn(now.gateway, NOT_KEPT, words(e));
        want(now);
      }
    }
  }

  private static String words(RuntimeException why) {
    return "a pod that starts while no operator is there will not serve by the newest snapshot: "
        + why.getMessage();
  }
}
