package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.FormerKey;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.KeyKeeper;
import ai.oneflow.operator.keys.KeyKeeper.Kept;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.keys.MintedKey;
import ai.oneflow.operator.reconcile.ControlPlane;
import ai.oneflow.tests.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What keeps keys on a real API server, without an operator around it: replies are lost, caches
/// lag behind, and others do the same at the same time.
final class LostRepliesIT {
  private static final String NAMESPACE = "nobody-watches";

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;
  private static @Nullable KubernetesClient losing;
  private static final AtomicBoolean LOSES = new AtomicBoolean();

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, Set.of("somewhere-else"));
    operator().kubectl("create", "namespace", NAMESPACE);
    losing =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(TestCluster.shared().kubeconfig())))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("loses", new LosesReplies()))
            .build();
  }

  @AfterAll
  static void stop() {
    if (losing != null) {
      losing.close();
    }
    if (started != null) {
      started.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  /// The API server has done what it was asked, and the answer does not arrive.
  private static final class LosesReplies implements Interceptor {
    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
        AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
      return (value, body) -> {
        if (!"GET".equals(request.method()) && LOSES.get()) {
          throw new IOException("the reply is lost");
        }
        consumer.consume(value, body);
      };
    }
  }

  private static KeyKeeper keeper() {
    KubernetesClient client = Objects.requireNonNull(losing, "started before all tests");
    return new KeyKeeper(client, new SecureRandom(), Clock.systemUTC());
  }

  /// An ApiKey whose key is there, as it is when the annotation has this value.
  private static ApiKey minted(String name, String rotate) {
    assertThat(keeper().keep(annotated(name, ""))).isInstanceOf(Kept.Minted.class);
    return annotated(name, rotate);
  }

  private static ApiKey annotated(String name, String rotate) {
    operator()
        .apply(
            NAMESPACE,
            """
            apiVersion: oneflow.ai/v1alpha1
            kind: ApiKey
            metadata: {name: %s, annotations: {oneflow.ai/rotate: "%s"}}
            spec: {user: alice}
            """
                .formatted(name, rotate));
    return operator().admin().resources(ApiKey.class).inNamespace(NAMESPACE).withName(name).get();
  }

  private static Secret secret(ApiKey key) {
    return operator()
        .admin()
        .secrets()
        .inNamespace(NAMESPACE)
        .withName(KeySecret.nameFor(key))
        .get();
  }

  private static MintedKey current(ApiKey key) {
    return KeySecret.read(secret(key)).orElseThrow();
  }

  @Test
  void aRotationWhoseReplyIsLostIsNotRepeated() {
    ApiKey key = minted("reply", "once");
    MintedKey old = current(key);
    loseTheReply(key);
    MintedKey fresh = current(key);
    assertThat(fresh.sha256()).isNotEqualTo(old.sha256());

    assertThat(keeper().keep(key))
        .isInstanceOfSatisfying(
            Kept.Present.class,
            present -> assertThat(present.recent().orElseThrow().shown()).isEqualTo(fresh.shown()));

    assertThat(current(key).sha256()).isEqualTo(fresh.sha256());
    assertThat(KeyHistory.of(secret(key)).formers())
        .extracting(FormerKey::sha256)
        .containsExactly(old.sha256());
  }

  private static void loseTheReply(ApiKey key) {
    LOSES.set(true);
    try {
      assertThatExceptionOfType(KubernetesClientException.class)
          .isThrownBy(() -> keeper().keep(key));
    } finally {
      LOSES.set(false);
    }
  }

  @Test
  void whoLooksNextTellsOfARotationWhoseReplyIsLost() throws IOException {
    ApiKey key = minted("told", "once");
    loseTheReply(key);
    String shown = current(key).shown();

    try (KubernetesClient client = OperatorFixture.asOperator(TestCluster.shared());
        ControlPlane _ = OperatorFixture.plane(client, Set.of(NAMESPACE), 0)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(events("told"))
                      .singleElement()
                      .satisfies(event -> assertThat(event.getReason()).isEqualTo("KeyRotated"))
                      .satisfies(
                          event ->
                              assertThat(event.getMessage())
                                  .contains(shown)
                                  .contains("; the one before it works until")));
    }
  }

  private static List<Event> events(String name) {
    return operator()
        .admin()
        .v1()
        .events()
        .inNamespace(NAMESPACE)
        .withField("involvedObject.name", name)
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getReason().startsWith("Key"))
        .toList();
  }

  @Test
  void aCacheThatLagsBehindRotatesNothing() {
    ApiKey before = minted("cache", "first");
    assertThat(keeper().keep(before)).isInstanceOf(Kept.Rotated.class);
    ApiKey after = annotated("cache", "second");
    assertThat(keeper().keep(after)).isInstanceOf(Kept.Rotated.class);
    MintedKey fresh = current(after);

    assertThat(keeper().keep(before)).isInstanceOf(Kept.Present.class);

    assertThat(current(after).sha256()).isEqualTo(fresh.sha256());
    assertThat(KeyHistory.of(secret(after)).madeFor()).isEqualTo("second");
  }

  @Test
  void twoOperatorsRotateOnce() throws Exception {
    for (int i = 0; i < 10; i++) {
      ApiKey key = minted("race-" + i, "once");
      MintedKey old = current(key);

      List<Boolean> rotated = atOnce(() -> rotates(key), () -> rotates(key));

      assertThat(rotated).containsOnlyOnce(true);
      assertThat(KeyHistory.of(secret(key)).formers())
          .extracting(FormerKey::sha256)
          .containsExactly(old.sha256());
    }
  }

  /// The slower one is refused, or sees that nothing is left to do.
  private static boolean rotates(ApiKey key) {
    try {
      return keeper().keep(key) instanceof Kept.Rotated;
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).isEqualTo(409);
      return false;
    }
  }

  private static List<Boolean> atOnce(Callable<Boolean> one, Callable<Boolean> other)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> both = threads.invokeAll(List.of(one, other));
      return List.of(both.getFirst().get(), both.getLast().get());
    }
  }

  @Test
  void whatOthersPutIntoTheSecretStays() {
    ApiKey key = minted("others", "once");
    operator().kubectl("label", "secret", KeySecret.nameFor(key), "-n", NAMESPACE, "team=search");

    assertThat(keeper().keep(key)).isInstanceOf(Kept.Rotated.class);

    assertThat(secret(key).getMetadata().getLabels()).containsEntry("team", "search");
    assertThat(KeySecret.isOwned(secret(key), key)).isTrue();
  }
}
