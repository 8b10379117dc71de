package ai.oneflow.operator.status;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells people by Kubernetes events what a status alone would not bring to their eyes. The same
/// words about the same resource are said once.
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final String COMPONENT = "oneflow-operator";

  /// What the API server takes of a message.
  private static final int MOST_CHARACTERS = 1024;

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, String> lastWords = new ConcurrentHashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("announcer").factory());

  public Announcer(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  public void normal(HasMetadata about, String reason, String message) {
    announce(about, "Normal", reason, message);
  }

  public void warn(HasMetadata about, String reason, String message) {
    announce(about, "Warning", reason, message);
  }

  private void announce(HasMetadata about, String type, String reason, String message) {
    String subject = about.getMetadata().getUid() + "/" + reason;
    if (!message.equals(lastWords.put(subject, message))) {
      thread.execute(() -> send(about, type, reason, message));
    }
  }

  private void send(HasMetadata about, String type, String reason, String message) {
    String now = clock.instant().toString();
    try {
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withNamespace(about.getMetadata().getNamespace())
                  .withGenerateName(about.getMetadata().getName() + ".")
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withApiVersion(about.getApiVersion())
                  .withKind(about.getKind())
                  .withNamespace(about.getMetadata().getNamespace())
                  .withName(about.getMetadata().getName())
                  .withUid(about.getMetadata().getUid())
                  .endInvolvedObject()
                  .withType(type)
                  .withReason(reason)
                  .withMessage(message.substring(0, Math.min(MOST_CHARACTERS, message.length())))
                  .withFirstTimestamp(now)
                  .withLastTimestamp(now)
                  .withCount(1)
                  .withNewSource()
                  .withComponent(COMPONENT)
                  .endSource()
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      LOG.warn("cannot announce {}: {}", reason, e.getMessage());
    }
  }

  /// Forgets resources that are gone.
  public void retain(Collection<String> uids) {
    lastWords.keySet().removeIf(subject -> !uids.contains(subject.split("/", 2)[0]));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
