package ai.oneflow.tests.fuzz;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.validation.ManifestJudge;
import ai.oneflow.api.validation.Verdict;
import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.tests.cluster.OperatorProcess;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.rights.Audit;
import ai.oneflow.tests.scale.Ears;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mutated manifests on a real API server with an operator: each is refused with a message or
/// accepted with a true status, the judge of standalone mode says the same, nothing crashes or
/// spins, and a neighbour notices nothing. `make fuzz` runs a hundred thousand.
class FuzzIT {
  private static final int MANIFESTS = Integer.getInteger("fuzz.manifests", 300);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final int BATCH = 200;
  private static final int AT_ONCE = 8;
  private static final String API = "oneflow.ai/v1alpha1";
  private static final String NAMESPACE = "fuzzed";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final JsonMapper JSON = new JsonMapper();
  private static final ManifestJudge JUDGE = new ManifestJudge();
  private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx256m");

  @TempDir Path folder;

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();

  @Test
  void whateverIsAppliedIsRefusedOrJudgedTruly() throws Exception {
    Seeds seeds = Seeds.read(ROOT);
    try (TestCluster cluster = TestCluster.start();
        KubernetesClient admin = OperatorProcess.admin(cluster)) {
      install(cluster);
      int port = FreePort.take();
      try (Program operator = OperatorProcess.start(cluster, folder, JVM, port);
          Ears neighbour = new Ears(1, Ears.Operator.of(cluster, folder, "neighbour", port))) {
        var before = neighbour.awaitNext(Optional.empty(), PATIENCE);
        apply(admin, seeds);
        System.out.printf("fuzz: seed %d, %d manifests: %s%n", SEED, MANIFESTS, outcomes);
        assertThat(wrong).isEmpty();
        assertThat(outcomes.keySet()).contains("accepted", "refused");
        assertThat(operator.isAlive()).isTrue();
        assertThat(neighbour.awaitNext(Optional.empty(), PATIENCE))
            .as("what the neighbour runs")
            .isEqualTo(before);
        mustRest(cluster);
      }
    }
  }

  private static void install(TestCluster cluster) {
    OperatorProcess.install(cluster);
    kubectl(cluster, "create", "namespace", NAMESPACE);
    kubectl(cluster, "create", "namespace", "neighbour");
    kubectl(cluster, "create", "serviceaccount", "main-gateway", "-n", "neighbour");
    String gateway =
        """
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMGateway
        metadata: {name: main, namespace: neighbour}
        spec: {}
        """;
    assertThat(cluster.kubectlWithInput(gateway, "apply", "-f", "-").succeeded()).isTrue();
  }

  private void apply(KubernetesClient admin, Seeds seeds) throws Exception {
    Random random = new Random(SEED);
    Mutator mutator = new Mutator(random);
    try (ExecutorService at = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int from = 0; from < MANIFESTS; from += BATCH) {
        List<Callable<Optional<GenericKubernetesResource>>> batch = new ArrayList<>();
        for (int i = from; i < Math.min(from + BATCH, MANIFESTS); i++) {
          ObjectNode mutant = mutant(mutator, seeds, random);
          mutant.putObject("metadata").put("name", "fuzz-" + i).put("namespace", NAMESPACE);
          Verdict verdict = JUDGE.judge(JSON.writeValueAsString(mutant)).getFirst();
          batch.add(() -> create(admin, mutant, verdict));
        }
        List<GenericKubernetesResource> alive = new ArrayList<>();
        for (Future<Optional<GenericKubernetesResource>> created : at.invokeAll(batch)) {
          created.get().ifPresent(alive::add);
        }
        mustBeTrue(admin, alive);
      }
    }
  }

  private static ObjectNode mutant(Mutator mutator, Seeds seeds, Random random) {
    ObjectNode seed = seeds.manifests().get(random.nextInt(seeds.manifests().size()));
    JsonNode schema =
        Objects.requireNonNull(seeds.schemas().get(seed.path("kind").asText()), "a CRD");
    return mutator.mutate(seed, schema);
  }

  private Optional<GenericKubernetesResource> create(
      KubernetesClient admin, ObjectNode mutant, Verdict verdict) throws JsonProcessingException {
    try {
      GenericKubernetesResource created =
          admin
              .resource(JSON.treeToValue(mutant, GenericKubernetesResource.class))
              .fieldValidation(FieldValidateable.Validation.STRICT)
              .create();
      count("accepted");
      if (!(verdict instanceof Verdict.Accepted)) {
        wrong.add("the judge refuses what the API server accepts: " + mutant + ": " + verdict);
      }
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      refused(mutant, verdict, e);
      return Optional.empty();
    }
  }

  private void refused(ObjectNode mutant, Verdict verdict, KubernetesClientException e) {
    count("refused");
    boolean says = e.getCode() / 100 == 4 && e.getMessage() != null && !e.getMessage().isBlank();
    if (!says) {
      wrong.add("the API server fails over " + mutant + ": " + e);
    }
    if (!(verdict instanceof Verdict.Refused)) {
      wrong.add("the judge accepts what the API server refuses: " + mutant + ": " + e.getMessage());
    }
  }

  /// The statuses speak of what is there; then it is deleted.
  private void mustBeTrue(KubernetesClient admin, List<GenericKubernetesResource> alive) {
    Map<String, List<GenericKubernetesResource>> byKind =
        alive.stream().collect(groupingBy(GenericKubernetesResource::getKind));
    byKind.forEach(
        (kind, ofKind) -> {
          var there = admin.genericKubernetesResources(API, kind).inNamespace(NAMESPACE);
          List<GenericKubernetesResource> judged =
              await()
                  .atMost(PATIENCE)
                  .alias(kind)
                  .until(() -> notDeleted(there.list()), FuzzIT::areJudged);
          assertThat(judged).hasSameSizeAs(ofKind);
          judged.forEach(resource -> mustAgree(status(resource)));
          there.delete();
        });
  }

  /// Of the conditions none contradicts another.
  private void mustAgree(JsonNode status) {
    boolean all = true;
    for (String type : List.of("Accepted", "ResolvedRefs", "Programmed")) {
      all &= condition(status, type).path("status").asText().equals("True");
    }
    JsonNode ready = condition(status, "Ready");
    if (ready.path("status").asText().equals("True") && !all) {
      wrong.add("Ready, and not all else is true: " + status);
    }
    if (ready.path("message").asText().isBlank()) {
      wrong.add("Ready says nothing: " + status);
    }
    count("ready " + ready.path("status").asText() + " " + ready.path("reason").asText());
  }

  private static List<GenericKubernetesResource> notDeleted(GenericKubernetesResourceList list) {
    return list.getItems().stream()
        .filter(resource -> resource.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static boolean areJudged(List<GenericKubernetesResource> resources) {
    return resources.stream().allMatch(FuzzIT::isJudged);
  }

  private static boolean isJudged(GenericKubernetesResource resource) {
    JsonNode status = status(resource);
    return status.path("observedGeneration").asLong() == resource.getMetadata().getGeneration()
        && !condition(status, "Ready").isMissingNode();
  }

  private static JsonNode status(GenericKubernetesResource resource) {
    return JSON.valueToTree(resource.getAdditionalProperties().get("status"));
  }

  private static JsonNode condition(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return JSON.missingNode();
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /// With nothing left to do the operator writes nothing.
  private static void mustRest(TestCluster cluster) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              Audit before = Audit.read(cluster);
              await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
              Audit after = Audit.read(cluster);
              assertThat(withoutLeases(after)).isEqualTo(withoutLeases(before));
            });
  }

  private static long withoutLeases(Audit audit) {
    return audit.writes().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("leases"))
        .mapToLong(entry -> entry.getValue())
        .sum();
  }

  private static String kubectl(TestCluster cluster, String... arguments) {
    return cluster.kubectl(arguments).output();
  }
}
