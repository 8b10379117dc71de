package ai.oneflow.operator.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
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
  private static final String NORMAL = "Normal";
  private static final String WARNING = "Warning";
  private static final String COMPONENT = "oneflow-operator";

  /// What the API server takes of a message.
  private static final int MOST_CHARACTERS = 1024;

  /// Leaves room for what makes a name unique.
  private static final int MOST_NAME = 200;

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
    announce(about, new Words(reason, message), NORMAL);
  }

  public void warn(HasMetadata about, String reason, String message) {
    announce(about, new Words(reason, message), WARNING);
  }

  /// Warns of what is known by `id`, whoever says so and however often, as long as the cluster
  /// keeps its events.
  ///
  /// @param id small letters, digits and hyphens
  public void warnOnce(HasMetadata about, String id, Words words) {
    once(about, id, words, WARNING);
  }

  /// Tells what is known by `id`, as [#warnOnce] warns.
  public void normalOnce(HasMetadata about, String id, Words words) {
    once(about, id, words, NORMAL);
  }

  private void announce(HasMetadata about, Words words, String type) {
    String subject = about.getMetadata().getUid() + "/" + words.reason;
    if (!words.message.equals(lastWords.put(subject, words.message))) {
      String start = about.getMetadata().getName() + ".";
      ObjectMeta meta = new ObjectMetaBuilder().withGenerateName(start).build();
      thread.execute(() -> send(event(about, words, meta, type)));
    }
  }

  private void once(HasMetadata about, String id, Words words, String type) {
    String subject = about.getMetadata().getUid() + "/" + id;
    if (lastWords.put(subject, words.message) == null) {
      String name = about.getMetadata().getName();
      String start = name.substring(0, Math.min(MOST_NAME, name.length())).replaceAll("[-.]+$", "");
      ObjectMeta meta = new ObjectMetaBuilder().withName(start + "." + id).build();
      thread.execute(() -> send(event(about, words, meta, type)));
    }
  }

  /// What an event says.
  public record Words(String reason, String message) {}

  private Event event(HasMetadata about, Words words, ObjectMeta meta, String type) {
    String now = clock.instant().toString();
    meta.setNamespace(about.getMetadata().getNamespace());
    return new EventBuilder()
        .withMetadata(meta)
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .endInvolvedObject()
        .withType(type)
        .withReason(words.reason)
        .withMessage(words.message.substring(0, Math.min(MOST_CHARACTERS, words.message.length())))
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .build();
  }

  private void send(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      boolean saidBefore = e.getCode() == HttpURLConnection.HTTP_CONFLICT;
      if (!saidBefore) {
        LOG.warn("cannot announce {}: {}", event.getReason(), e.getMessage());
      }
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
