package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.fleet.Callers;
import ai.oneflow.tests.scale.Distribution;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys that are suspended one after the other, while others are called with: how soon the last of
/// three gateways refuses. `make scale` does it a thousand times.
class RevocationIT {
  private static final int REVOCATIONS = Integer.getInteger("scale.revocations", 60);

  /// What was asked for holds on a machine that does nothing else; `make scale` gives none.
  private static final int SLACK = Integer.getInteger("scale.slack", 5);

  private static final int GATEWAYS = 3;
  private static final String NAMESPACE = "revoked";
  private static final int FORBIDDEN = 403;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void aSuspendedKeyIsRefusedEverywhereWithinASecond() throws Exception {
    List<PushedGateway> gateways = new ArrayList<>();
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        OperatorFixture operator = OperatorFixture.start(folder, Set.of(NAMESPACE))) {
      for (int i = 0; i < GATEWAYS; i++) {
        gateways.add(PushedGateway.start(operator, NAMESPACE, "main-" + i, folder));
      }
      populate(operator, provider.baseUrl());
      List<Callers> callers =
          gateways.stream().map(g -> Callers.start(g.address(), key(operator, "load"), 2)).toList();
      Distribution took = revokeAll(operator.admin(), gateways);
      List<Callers.Seen> seen = new ArrayList<>();
      for (Callers one : callers) {
        seen.add(one.stop());
      }
      int served = seen.stream().mapToInt(Callers.Seen::served).sum();
      System.out.printf(
          "revocation on %d gateways: %s; meanwhile %d requests were served%n",
          GATEWAYS, took, served);
      assertThat(took.percentileMillis(99)).isLessThan(1000 * SLACK);
      assertThat(seen).allSatisfy(one -> assertThat(one.failed()).isEmpty());
      assertThat(served).isPositive();
    } finally {
      for (PushedGateway gateway : gateways) {
        gateway.close();
      }
    }
  }

  private static void populate(OperatorFixture operator, URI provider) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < REVOCATIONS; i++) {
      keys.append(Manifests.KEY.replace("name: search", "name: " + name(i)));
    }
    operator.apply(NAMESPACE, keys.toString());
    operator.apply(
        NAMESPACE,
        Manifests.PROVIDER.replace("dialect: OpenAI", "dialect: OpenAI\n  endpoint: " + provider)
            + Manifests.POLICY.replace("[smart]", "[" + Callers.MODEL + "]")
            + Manifests.KEY.replace("name: search", "name: load")
            + Manifests.GATEWAY.replace(
                "spec: {}", "spec: {defaults: {requestsPerUser: 1000000/hour}}"));
    for (String resource : List.of("apikeys", "routingpolicies")) {
      operator.kubectl(
          "wait",
          "--for=condition=Ready",
          resource,
          "--all",
          "-n",
          NAMESPACE,
          "--timeout=" + READY_WITHIN.toSeconds() + "s");
    }
  }

  private static Distribution revokeAll(KubernetesClient admin, List<PushedGateway> gateways) {
    long[] nanos = new long[REVOCATIONS];
    for (int i = 0; i < REVOCATIONS; i++) {
      String key = key(admin, name(i));
      assertThat(gateways).allSatisfy(gateway -> assertThat(gateway.models(key)).isEqualTo(200));
      suspend(admin, name(i));
      long suspended = System.nanoTime();
      for (PushedGateway gateway : gateways) {
        await()
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> gateway.models(key) == FORBIDDEN);
      }
      nanos[i] = System.nanoTime() - suspended;
    }
    return new Distribution(nanos);
  }

  private static String name(int number) {
    return "key-%04d".formatted(number);
  }

  private static void suspend(KubernetesClient admin, String name) {
    admin
        .resources(ApiKey.class)
        .inNamespace(NAMESPACE)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspended\":true}}");
  }

  private static String key(OperatorFixture operator, String name) {
    return key(operator.admin(), name);
  }

  private static String key(KubernetesClient admin, String name) {
    Secret secret = admin.secrets().inNamespace(NAMESPACE).withName(name + "-key").get();
    String base64 = Optional.ofNullable(secret).orElseThrow().getData().get("api-key");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
