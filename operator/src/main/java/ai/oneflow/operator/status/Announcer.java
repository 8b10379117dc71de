package ai.oneflow.operator.status;

import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.status.EventQueue.Waiting;
import ai.oneflow.operator.status.Told.Subject;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells people by Kubernetes events what a status alone would not bring to their eyes: what lasts
/// once until it is over, what happens each time, and both at a rate ([Told]). Events are written
/// off the caller's thread, at a rate too ([EventQueue]). Safe for use by several threads.
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final String NORMAL = "Normal";
  private static final String WARNING = EventQueue.WARNING;
  private static final String COMPONENT = "oneflow-operator";

  /// What the API server takes of a message.
  private static final int MOST_CHARACTERS = 1024;

  /// Leaves room for what makes a name unique.
  private static final int MOST_NAME = 200;

  private static final int TOO_MANY_REQUESTS = 429;

  private static final int AT_ONCE = 100;
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Clock clock;
  private final EventQueue queue;
  private final Told told = new Told();
  private final ReentrantLock lock = new ReentrantLock();
  private final java.util.concurrent.locks.Condition changed = lock.newCondition();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("announcer").factory());

  public Announcer(KubernetesClient client, Clock clock) {
    this(client, clock, new EventQueue(new Pace(AT_ONCE, EVERY), FIRST_PAUSE));
  }

  Announcer(KubernetesClient client, Clock clock, EventQueue queue) {
    this.client = client;
    this.clock = clock;
    this.queue = queue;
    thread.execute(this::run);
  }

  /// Something happened, as it may again.
  public void normal(HasMetadata about, String reason, String message) {
    Subject subject = subject(about, reason);
    Words words = new Words(reason, message);
    tell(
        () -> told.happens(subject, clock.instant()),
        () ->
            new Waiting(
                subject + message, event(about, words, generated(about), NORMAL), () -> {}));
  }

  /// Something is wrong from now on until it is [#over].
  public void warn(HasMetadata about, String reason, String message) {
    warn(about, subject(about, reason), new Words(reason, message));
  }

  /// What was warned of for this reason is no longer so.
  public void over(HasMetadata about, String reason) {
    locked(() -> told.over(subject(about, reason)));
  }

  /// Warns of what is wrong by a report; what it says to be well is over.
  ///
  /// @param before the conditions as they were said before: what stands there is known, though
  ///     another operator may have told it
  public void warn(HasMetadata about, Report report, List<Condition> before) {
    report.conditions().stream()
        .filter(Verdict::holds)
        .forEach(verdict -> over(about, verdict.reason().type().text()));
    for (Verdict verdict : report.troubles()) {
      Subject subject = subject(about, verdict.reason().type().text());
      Words words = new Words(verdict.reason().text(), verdict.told());
      if (before.stream().anyMatch(condition -> Report.says(condition, verdict))) {
        locked(() -> knownIfNew(subject, words));
      }
      warn(about, subject, words);
    }
  }

  private void knownIfNew(Subject subject, Words words) {
    if (told.isNew(subject)) {
      told.known(subject, words.whole());
    }
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

  private void once(HasMetadata about, String id, Words words, String type) {
    String uid = about.getMetadata().getUid();
    String name = about.getMetadata().getName();
    String start = name.substring(0, Math.min(MOST_NAME, name.length())).replaceAll("[-.]+$", "");
    ObjectMeta meta = new ObjectMetaBuilder().withName(start + "." + id).build();
    tell(
        () -> told.once(uid, id),
        () ->
            new Waiting(
                uid + "/" + id, event(about, words, meta, type), () -> told.forget(uid, id)));
  }

  /// What an event says.
  public record Words(String reason, String message) {
    private String whole() {
      return reason + " " + message;
    }
  }

  private static Subject subject(HasMetadata about, String of) {
    return new Subject(about.getMetadata().getUid(), of);
  }

  private static ObjectMeta generated(HasMetadata about) {
    return new ObjectMetaBuilder().withGenerateName(about.getMetadata().getName() + ".").build();
  }

  private void warn(HasMetadata about, Subject subject, Words words) {
    tell(
        () -> told.isNews(subject, words.whole(), clock.instant()),
        () ->
            new Waiting(
                subject.toString(),
                event(about, words, generated(about), WARNING),
                () -> told.over(subject)));
  }

  private void tell(BooleanSupplier isNews, Supplier<Waiting> event) {
    locked(
        () -> {
          if (isNews.getAsBoolean()) {
            put(event.get());
          }
        });
  }

  private void put(Waiting next) {
    if (!queue.put(next)) {
      LOG.warn("too many events wait for {} to be one", next.event().getReason());
      next.undone().run();
    }
    changed.signalAll();
  }

  private void locked(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

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
        // By this field they are selected, by the other one kubectl shows them.
        .withReportingComponent(COMPONENT)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .build();
  }

  private void run() {
    try {
      while (true) {
        send(await());
      }
    } catch (InterruptedException _) {
      LOG.debug("the announcer was closed");
    }
  }

  private Waiting await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Instant now = clock.instant();
        Optional<Waiting> next = queue.take(now);
        if (next.isPresent()) {
          return next.get();
        }
        Optional<Duration> rest = queue.rest(now);
        if (rest.isPresent()) {
          changed.await(Math.max(1, rest.get().toNanos()), TimeUnit.NANOSECONDS);
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(Waiting waiting) {
    Event event = waiting.event();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      boolean saidBefore =
          e.getCode() == HttpURLConnection.HTTP_CONFLICT && event.getMetadata().getName() != null;
      if (!saidBefore) {
        failed(waiting, e);
      }
    }
  }

  private void failed(Waiting waiting, KubernetesClientException failure) {
    locked(
        () -> {
          if (!isWorthAnother(failure) || !queue.failed(waiting, clock.instant())) {
            LOG.warn("cannot announce {}: {}", waiting.event().getReason(), failure.getMessage());
            waiting.undone().run();
          }
        });
  }

  /// An event that is refused will be refused again.
  private static boolean isWorthAnother(KubernetesClientException failure) {
    int code = failure.getCode();
    return code < HttpURLConnection.HTTP_BAD_REQUEST
        || code >= HttpURLConnection.HTTP_INTERNAL_ERROR
        || code == HttpURLConnection.HTTP_CONFLICT
        || code == TOO_MANY_REQUESTS;
  }

  /// Forgets resources that are gone.
  public void retain(Collection<String> uids) {
    locked(() -> told.retain(uids));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
