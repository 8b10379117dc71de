package ai.oneflow.operator.status;

import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.Report.Urgency;
import ai.oneflow.operator.status.StatusQueue.Turn;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes statuses by server-side apply, off the configuration loop: of each resource the newest
/// one, only if it says something new, and all together no more than so many a second
/// ([StatusQueue] says in which order). Nobody who says something waits for its being written.
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final String FIELD_MANAGER = "oneflow-operator";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .build();

  /// How many seconds' writes may come at once after a rest.
  private static final int BURST_SECONDS = 2;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE_WHERE_REFUSED = Duration.ofMinutes(5);
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final InstantSource time;
  private final StatusQueue queue;
  private final SaidStatuses said = new SaidStatuses();
  private final LongAdder written = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  /// @param perSecond the most writes a second, those that fail included
  public StatusWriter(KubernetesClient client, int perSecond) {
    this(client, new StatusQueue(pace(perSecond)), sinceNow());
  }

  StatusWriter(KubernetesClient client, StatusQueue queue, InstantSource time) {
    this.client = client;
    this.queue = queue;
    this.time = time;
    threads.execute(this::run);
  }

  private static Pace pace(int perSecond) {
    return new Pace(BURST_SECONDS * perSecond, Duration.ofSeconds(1).dividedBy(perSecond));
  }

  /// No clock that somebody puts right.
  private static InstantSource sinceNow() {
    long began = System.nanoTime();
    return () -> Instant.EPOCH.plusNanos(System.nanoTime() - began);
  }

  /// What was last said of a resource to the API server: by this writer, unless somebody else has
  /// written over it, or else what the cache shows, which may lag behind. What still waits has been
  /// said to nobody: a condition that changes and changes back meanwhile has not changed.
  public <T> @Nullable T said(CustomResource<?, T> resource, Class<T> type) {
    return type.cast(said.of(resource));
  }

  /// Whether somebody else has written over what was said, so that it is to be said again.
  public boolean isOverwritten(CustomResource<?, ?> resource) {
    return said.isOverwritten(resource);
  }

  /// Says of `resource` what `blank`, a new object of its kind that holds the status, says.
  public <T> void write(
      CustomResource<?, T> resource, CustomResource<?, T> blank, Urgency urgency) {
    ObjectMeta meta = resource.getMetadata();
    T status = blank.getStatus();
    lock.lock();
    try {
      CustomResource<?, ?> next = queue.waiting(meta.getUid());
      Object former = next == null ? said.of(resource) : next.getStatus();
      if (closed || status == null || status.equals(former)) {
        return;
      }
      blank.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(meta.getNamespace())
              .withName(meta.getName())
              .withUid(meta.getUid())
              .build());
      queue.put(blank, urgency, time.instant());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Forgets resources that are gone.
  ///
  /// @param uids of those that are there
  public void retain(Set<String> uids) {
    said.retain(uids);
    lock.lock();
    try {
      queue.retain(uids);
    } finally {
      lock.unlock();
    }
  }

  /// How writing goes.
  public StatusFigures figures() {
    lock.lock();
    try {
      return new StatusFigures(queue.size(), written.sum(), failed.sum());
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        CustomResource<?, ?> patch = await();
        threads.execute(() -> write(patch));
      }
    } catch (InterruptedException | RejectedExecutionException _) {
      LOG.debug("the writer of statuses was closed");
    }
  }

  private CustomResource<?, ?> await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) {
          throw new InterruptedException();
        }
        switch (queue.take(time.instant())) {
          case Turn.Write(var patch) -> {
            return patch;
          }
          case Turn.Rest(var atMost) -> changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(CustomResource<?, ?> patch) {
    String uid = patch.getMetadata().getUid();
    Optional<Duration> again = Optional.of(LONGEST_PAUSE);
    try {
      said.saying(uid, patch.getStatus());
      again = apply(patch);
    } finally {
      ended(uid, again);
    }
  }

  private void ended(String uid, Optional<Duration> again) {
    (again.isEmpty() ? written : failed).increment();
    lock.lock();
    try {
      if (again.isEmpty()) {
        queue.written(uid);
      } else if (!closed) {
        queue.failed(uid, time.instant(), again.get());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The longest time after which to try again; empty: it is done.
  private Optional<Duration> apply(CustomResource<?, ?> patch) {
    try {
      CustomResource<?, ?> answer = client.resource(patch).subresource("status").patch(APPLY);
      said.answered(patch.getMetadata().getUid(), answer);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      // A conflict is no news: others write too; or another of its name has taken its place, and
      // the next round forgets this one. Nor is what is broken off at the end.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && !closed) {
        LOG.warn(
            "cannot write the status of {} {}/{}: {}",
            patch.getKind(),
            patch.getMetadata().getNamespace(),
            patch.getMetadata().getName(),
            e.getMessage());
      }
      return Optional.of(isRefusal(e.getCode()) ? LONGEST_PAUSE_WHERE_REFUSED : LONGEST_PAUSE);
    }
  }

  /// What a webhook, a policy or the schema does not take it will not take in a moment either.
  private static boolean isRefusal(int code) {
    return code == HttpURLConnection.HTTP_BAD_REQUEST
        || code == HttpURLConnection.HTTP_FORBIDDEN
        || code == UNPROCESSABLE;
  }

  /// What waits is dropped: whoever leads next looks at everything anew.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    threads.shutdownNow();
  }
}
