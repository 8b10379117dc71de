package ai.oneflow.tests.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.kubectl.Tool.Said;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// Keys are listed, replaced and revoked. No operator watches these namespaces: what it would say,
/// the test does.
class KeysIT {
  private static final String ASKED_FOR = "jsonpath={.metadata.annotations.oneflow\\.ai/rotate}";

  private @Nullable Tool begun;

  @BeforeEach
  void begin(TestInfo test) {
    TestCluster cluster = TestCluster.shared();
    cluster.kubectl("apply", "-f", "crds/src/main/resources/crds").output();
    cluster.kubectl("wait", "--for=condition=Established", "crd", "--all").output();
    String namespace = "keys-" + Math.floorMod(test.getDisplayName().hashCode(), 1_000_000);
    cluster.kubectl("create", "namespace", namespace).output();
    begun = new Tool(cluster, namespace);
    tool()
        .apply(
            """
        {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: alice},
         spec: {user: al, project: search, rotation: {every: 90d}}}
        """);
  }

  private Tool tool() {
    return Objects.requireNonNull(begun, "begun before each test");
  }

  @Test
  void aListSaysHowEachKeyIs() {
    tool()
        .apply(
            """
        {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: bob},
         spec: {suspended: true}}
        """);
    made("alice", Instant.now().minus(12, ChronoUnit.DAYS));

    Said said = tool().run("list");

    assertThat(said.exitCode()).isZero();
    assertThat(said.out().lines())
        .satisfiesExactly(
            head -> assertThat(head).matches("NAME +USER +PROJECT +PREFIX +AGE +EXPIRES.*STATE"),
            alice -> assertThat(alice).matches("alice +al +search +of_live_abc +12d .* Ready"),
            bob -> assertThat(bob).matches("bob +bob +" + tool().namespace() + " .* Suspended"));
    assertThat(tool().run("list", "-o", "json").out())
        .contains("\"state\" : \"Suspended\"", "\"expiresAt\" : null");
    assertThat(tool().everywhere("list", "-A").out())
        .startsWith("NAMESPACE")
        .containsPattern(tool().namespace() + " +alice");
  }

  @Test
  void rotatingAsksAndWaitsForTheOperator() {
    CompletableFuture<Said> rotated =
        CompletableFuture.supplyAsync(
            () -> tool().run("rotate", "alice"), Thread::startVirtualThread);
    String wish = awaitWish();

    assertThat(rotated).isNotDone();
    answer(wish);

    assertThat(rotated.join())
        .satisfies(
            said -> {
              assertThat(said.exitCode()).describedAs(said.err()).isZero();
              assertThat(said.out())
                  .contains("ApiKey " + tool().namespace() + "/alice: the key is of_live_new… now")
                  .contains("/alice-key; the one before it works until 2026-12-24T00:00:00Z");
            });
    // Another time, another wish.
    assertThat(tool().run("rotate", "alice", "--no-wait").exitCode()).isZero();
    assertThat(awaitWish()).isNotEqualTo(wish);
  }

  @Test
  void anOperatorThatDoesNotAnswerIsNamed() {
    Said said = tool().run("rotate", "alice", "--timeout", "1s");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("no operator has made another key within 1 s");
  }

  @Test
  void whatIsDueIsReplacedAndWhatEndsIsNamed() {
    made("alice", Instant.now().minus(70, ChronoUnit.DAYS));
    tool()
        .apply(
            """
        {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: ends},
         spec: {expiresAt: "%s"}}
        """
                .formatted(Instant.now().plus(9, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS)));
    made("ends", Instant.now());

    assertThat(tool().run("rotate-expiring", "--days", "10").out())
        .contains("/ends ends at", "0 replaced, 0 failed, 1 end and are left alone")
        .doesNotContain("alice");
    assertThat(tool().run("rotate-expiring", "--dry-run").out())
        .contains("/alice is due at", "1 would be replaced");
    Said done =
        tool().run("rotate-expiring", "--grace-period", "2d", "--extend", "90d", "--no-wait");

    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("2 replaced, 0 failed, 0 end");
    assertThat(awaitWish()).isNotEmpty();
    assertThat(tool().kubectl("get", "apikey", "alice", "-o", "jsonpath={.spec.rotation.grace}"))
        .isEqualTo("2d");
    String end = tool().kubectl("get", "apikey", "ends", "-o", "jsonpath={.spec.expiresAt}");
    assertThat(Instant.parse(end)).isAfter(Instant.now().plus(89, ChronoUnit.DAYS));
  }

  @Test
  void revokingSuspendsAndDeletesOnlyWhereItIsSaid() {
    tool()
        .status(
            "apikey/alice",
            """
        {"observedGeneration": 2, "conditions": [{"type": "Programmed", "status": "True",
         "reason": "Programmed", "message": "3 of 3 gateways", "lastTransitionTime":
         "2026-01-01T00:00:00Z"}]}""");

    Said suspended = tool().run("revoke", "alice");

    assertThat(suspended.exitCode()).describedAs(suspended.err()).isZero();
    assertThat(suspended.out()).contains("suspended; 3 of 3 gateways");
    assertThat(tool().kubectl("get", "apikey", "alice", "-o", "jsonpath={.spec.suspended}"))
        .isEqualTo("true");
    assertThat(tool().run("revoke", "alice", "--delete").out()).contains("deleted");
    assertThat(tool().kubectl("get", "apikeys", "-o", "name")).isEmpty();
  }

  @Test
  void aKeyThatIsNotThereIsNamedBeforeAnythingIsDone() {
    Said said = tool().run("revoke", "alice", "nobody");

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("there is no ApiKey nobody in " + tool().namespace());
    assertThat(tool().kubectl("get", "apikey", "alice", "-o", "jsonpath={.spec.suspended}"))
        .isEqualTo("false");
  }

  private void made(String key, Instant at) {
    tool()
        .status(
            "apikey/" + key,
            """
        {"prefix": "of_live_abc", "rotatedAt": "%s", "conditions": [{"type": "Ready", "status":
         "True", "reason": "Ready", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}"""
                .formatted(at.truncatedTo(ChronoUnit.SECONDS)));
  }

  private String awaitWish() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> tool().kubectl("get", "apikey", "alice", "-o", ASKED_FOR),
            wish -> !wish.isEmpty());
  }

  private void answer(String wish) {
    tool()
        .status(
            "apikey/alice",
            """
        {"prefix": "of_live_new", "rotation": "%s", "graceUntil": "2026-12-24T00:00:00Z"}"""
                .formatted(wish));
  }
}
