package ai.oneflow.operator.status;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes statuses by server-side apply, off the configuration loop: of each resource the newest
/// one, and only if it says something new.
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final String FIELD_MANAGER = "oneflow-operator";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .build();
  private static final int AT_ONCE = 16;

  /// A change is pushed and acknowledged within milliseconds; waiting for that saves two of three
  /// writes.
  private static final Duration COALESCE = Duration.ofMillis(50);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Map<String, Object> said = new ConcurrentHashMap<>();
  private final Map<String, CustomResource<?, ?>> waiting = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /// What was last said of a resource to the API server: by this writer, or else what the cache
  /// shows, which may lag behind. What still waits has been said to nobody: a condition that
  /// changes and changes back meanwhile has not changed.
  public <T> @Nullable T said(CustomResource<?, T> resource, Class<T> type) {
    Object own = said.get(resource.getMetadata().getUid());
    return own == null ? resource.getStatus() : type.cast(own);
  }

  /// Says of `resource` what `blank`, a new object of its kind that holds the status, says.
  public <T> void write(CustomResource<?, T> resource, CustomResource<?, T> blank) {
    ObjectMeta meta = resource.getMetadata();
    T status = blank.getStatus();
    CustomResource<?, ?> next = waiting.get(meta.getUid());
    Object former =
        next == null ? said.getOrDefault(meta.getUid(), resource.getStatus()) : next.getStatus();
    if (status == null || status.equals(former)) {
      return;
    }
    blank.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(meta.getNamespace())
            .withName(meta.getName())
            .withUid(meta.getUid())
            .build());
    if (waiting.put(meta.getUid(), blank) == null) {
      threads.execute(() -> drain(meta.getUid()));
    }
  }

  /// Forgets resources that are gone.
  public void retain(Collection<String> uids) {
    said.keySet().retainAll(uids);
    waiting.keySet().retainAll(uids);
  }

  private void drain(String uid) {
    try {
      Thread.sleep(COALESCE);
      slots.acquire();
      try {
        // Whoever puts the first one in starts this; whoever takes the last one out ends it.
        CustomResource<?, ?> next = waiting.get(uid);
        while (next != null && !(apply(next) && waiting.remove(uid, next))) {
          next = waiting.get(uid);
        }
      } finally {
        slots.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean apply(CustomResource<?, ?> patch) throws InterruptedException {
    String uid = patch.getMetadata().getUid();
    said.put(uid, patch.getStatus());
    try {
      client.resource(patch).subresource("status").patch(APPLY);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return true;
      }
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        // Others write too; or another of its name has taken its place, and the next round forgets
        // this one.
        return pauseAndRetry();
      }
      LOG.warn(
          "cannot write the status of {} {}/{}: {}",
          patch.getKind(),
          patch.getMetadata().getNamespace(),
          patch.getMetadata().getName(),
          e.getMessage());
      return pauseAndRetry();
    }
  }

  private static boolean pauseAndRetry() throws InterruptedException {
    Thread.sleep(RETRY_AFTER);
    return false;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
