package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicyStatus;
import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.Report.Urgency;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private final List<Long> patches = new CopyOnWriteArrayList<>();
  private final AtomicInteger conflicts = new AtomicInteger();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final StatusWriter writer =
      new StatusWriter(client(), new StatusQueue(new Pace(100, Duration.ofMillis(10))), now::get);

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void aStatusThatMetAConflictIsWrittenAllTheSame() {
    conflicts.set(1);

    writer.write(quota("uid"), saying(1), Urgency.NEWS);

    eventually(() -> assertThat(patches).containsExactly(1L, 1L));
  }

  @Test
  void aConflictOverAResourceThatIsGoneEndsWithIt() {
    conflicts.set(Integer.MAX_VALUE);
    writer.write(quota("uid"), saying(1), Urgency.NEWS);
    eventually(() -> assertThat(patches).isNotEmpty());

    writer.retain(Set.of("that-of-a-later-one"));
    conflicts.set(0);
    writer.write(quota("that-of-a-later-one"), saying(2), Urgency.NEWS);

    eventually(() -> assertThat(patches).endsWith(2L));
    assertThat(patches).containsOnlyOnce(2L);
  }

  @Test
  void whatWaitsHasBeenSaidToNobody() {
    QuotaPolicy quota = quota("uid");

    writer.write(quota, saying(1), Urgency.NEWS);

    assertThat(writer.said(quota, QuotaPolicyStatus.class)).isNull();
    eventually(() -> assertThat(patches).isNotEmpty());
    assertThat(writer.said(quota, QuotaPolicyStatus.class)).isEqualTo(saying(1).getStatus());
  }

  @Test
  void theSameIsWrittenOnce() {
    QuotaPolicy quota = quota("uid");
    writer.write(quota, saying(1), Urgency.NEWS);
    eventually(() -> assertThat(patches).isNotEmpty());

    writer.write(quota, saying(1), Urgency.NEWS);
    writer.write(quota, saying(2), Urgency.NEWS);

    eventually(() -> assertThat(patches).containsExactly(1L, 2L));
  }

  @Test
  void countsWhatWaitsAndWhatWasWritten() {
    conflicts.set(1);
    writer.write(quota("one"), saying(1), Urgency.NEWS);
    writer.write(quota("other"), saying(2), Urgency.FIGURES);
    assertThat(writer.figures()).isEqualTo(new StatusFigures(2, 0, 0));

    eventually(() -> assertThat(writer.figures()).isEqualTo(new StatusFigures(0, 2, 1)));
  }

  @Test
  void whatWaitsWhenItIsClosedIsDropped() {
    writer.write(quota("uid"), saying(1), Urgency.NEWS);

    writer.close();
    writer.write(quota("uid"), saying(2), Urgency.NEWS);

    assertThat(writer.figures()).isEqualTo(new StatusFigures(0, 0, 0));
    assertThat(patches).isEmpty();
  }

  /// While time passes.
  private void eventually(ThrowingRunnable assertion) {
    await()
        .untilAsserted(
            () -> {
              now.updateAndGet(then -> then.plus(StatusQueue.RETRY_AFTER));
              assertion.run();
            });
  }

  private static QuotaPolicy quota(String uid) {
    QuotaPolicy quota = new QuotaPolicy();
    quota.setMetadata(
        new ObjectMetaBuilder().withNamespace("ai").withName("all").withUid(uid).build());
    return quota;
  }

  private static QuotaPolicy saying(long generation) {
    QuotaPolicy blank = new QuotaPolicy();
    blank.setStatus(new QuotaPolicyStatus(generation, List.of()));
    return blank;
  }

  /// As much of an API server as a status needs.
  private KubernetesClient client() {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (_, _, arguments) -> resource((QuotaPolicy) arguments[0]));
  }

  private NamespaceableResource<?> resource(QuotaPolicy patched) {
    return (NamespaceableResource<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {NamespaceableResource.class},
            (self, method, _) -> method.getName().equals("patch") ? patch(patched) : self);
  }

  private QuotaPolicy patch(QuotaPolicy patched) {
    patches.add(
        Objects.requireNonNull(Objects.requireNonNull(patched.getStatus()).observedGeneration()));
    if (conflicts.getAndDecrement() > 0) {
      throw new KubernetesClientException("conflict", HttpURLConnection.HTTP_CONFLICT, null);
    }
    return patched;
  }
}
