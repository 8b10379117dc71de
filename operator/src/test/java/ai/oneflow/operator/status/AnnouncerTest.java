package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
  private static final Verdict WELL = new Verdict(ConditionReason.REFS_RESOLVED, "all lead");
  private static final Verdict GONE =
      new Verdict(ConditionReason.SECRET_NOT_FOUND, "Secret ai/openai does not exist");
  private static final Verdict FOLLOWS = new Verdict(ConditionReason.NOT_READY, "it is not");

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int code = HttpURLConnection.HTTP_UNAVAILABLE;
  private final LLMProvider provider = provider();
  private final Announcer announcer = announcer();

  private Announcer announcer() {
    return new Announcer(
        client(),
        Clock.systemUTC(),
        new EventQueue(new Pace(100, Duration.ofMillis(1)), Duration.ofMillis(1)));
  }

  @AfterEach
  void close() {
    announcer.close();
  }

  @Test
  void aSecondOutageIsAnEventToo() {
    announcer.warn(provider, report(GONE, FOLLOWS), List.of());
    announcer.warn(provider, report(GONE, FOLLOWS), List.of());
    await().until(() -> !events.isEmpty());
    announcer.warn(provider, report(WELL), List.of());

    announcer.warn(provider, report(GONE, FOLLOWS), List.of());

    await().untilAsserted(() -> assertThat(events).hasSize(2));
    assertThat(messages()).containsOnly(GONE.message());
  }

  @Test
  void whatHappensAgainIsAnEventAgain() {
    announcer.normal(provider, "Restored", "Service main was changed and is put back");
    await().until(() -> events.size() == 1);

    announcer.normal(provider, "Restored", "Service main was changed and is put back");

    await().untilAsserted(() -> assertThat(events).hasSize(2));
  }

  @Test
  void anEventThatFailedIsWrittenAllTheSame() {
    failures.set(3);

    announcer.warn(provider, report(GONE), List.of());

    await().untilAsserted(() -> assertThat(messages()).containsExactly(GONE.message()));
  }

  @Test
  void whatIsRefusedIsNotTriedAgainUntilItIsSaidAgain() {
    failures.set(1);
    code = HttpURLConnection.HTTP_FORBIDDEN;
    announcer.warn(provider, report(GONE), List.of());
    await().until(() -> failures.get() == 0);
    assertThat(events).isEmpty();

    await()
        .untilAsserted(
            () -> {
              announcer.warn(provider, report(GONE), List.of());
              assertThat(messages()).containsExactly(GONE.message());
            });
  }

  @Test
  void whatTheStatusSaysAlreadyWasToldByTheOperatorBefore() {
    List<Condition> before =
        Conditions.of(report(GONE, FOLLOWS), List.of(), Instant.parse("2026-01-01T00:00:00Z"));

    announcer.warn(provider, report(GONE, FOLLOWS), before);
    announcer.warn(provider, "Other", "of which nobody told");

    await().untilAsserted(() -> assertThat(messages()).containsExactly("of which nobody told"));
  }

  @Test
  void eventsAreFoundByTheComponentThatReportsThem() {
    announcer.warn(provider, "Other", "words");

    await().until(() -> !events.isEmpty());
    assertThat(events.getFirst().getReportingComponent()).isEqualTo("oneflow-operator");
    assertThat(events.getFirst().getSource().getComponent()).isEqualTo("oneflow-operator");
  }

  private List<String> messages() {
    return events.stream().map(Event::getMessage).toList();
  }

  private static Report report(Verdict... verdicts) {
    return new Report(new EntryKey(Kind.LLM_PROVIDER, "ai", "openai"), 1, List.of(verdicts));
  }

  private static LLMProvider provider() {
    LLMProvider provider = new LLMProvider();
    provider.setMetadata(
        new ObjectMetaBuilder().withNamespace("ai").withName("openai").withUid("uid").build());
    return provider;
  }

  /// As much of an API server as an event needs.
  private KubernetesClient client() {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (_, _, arguments) -> resource((Event) arguments[0]));
  }

  private NamespaceableResource<?> resource(Event event) {
    return (NamespaceableResource<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {NamespaceableResource.class},
            (_, _, _) -> create(event));
  }

  private Event create(Event event) {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new KubernetesClientException("no", code, null);
    }
    events.add(event);
    return event;
  }
}
