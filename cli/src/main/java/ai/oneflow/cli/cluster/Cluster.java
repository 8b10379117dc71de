package ai.oneflow.cli.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The API server, asked with the rights of whoever asks. Every method blocks on it, and throws a
/// [ClusterException] where it cannot be reached or refuses.
public final class Cluster implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  /// @param client becomes its own
  public Cluster(KubernetesClient client) {
    this.client = client;
  }

  /// Its version, which every API server tells everybody whom it knows.
  public String version() {
    return read("/version").map(tree -> tree.path("gitVersion").asText()).orElse("");
  }

  /// The objects of a kind; of no kind that is not there are there any.
  ///
  /// @param namespace whose, or empty for all
  public List<Found> list(Kind kind, String namespace) {
    return list(kind, namespace, "");
  }

  /// Those with certain labels, as in `app=a,part=b`.
  public List<Found> list(Kind kind, String namespace, String labels) {
    String query =
        labels.isEmpty()
            ? ""
            : "?labelSelector=" + URLEncoder.encode(labels, StandardCharsets.UTF_8);
    List<Found> found = new ArrayList<>();
    read(path(kind, namespace) + query)
        .ifPresent(tree -> tree.path("items").forEach(item -> found.add(new Found(kind, item))));
    return found;
  }

  public Optional<Found> get(Kind kind, String namespace, String name) {
    return read(path(kind, namespace) + "/" + name).map(tree -> new Found(kind, tree));
  }

  /// Whether the API server has the kind at all.
  public boolean serves(Kind kind) {
    return read(path(kind, "") + "?limit=1").isPresent();
  }

  /// Changes what a JSON merge patch (RFC 7386) names.
  public Found patch(Found found, JsonNode patch) {
    GenericKubernetesResource patched =
        asked(
            () ->
                handle(found).patch(PatchContext.of(PatchType.JSON_MERGE), String.valueOf(patch)));
    return new Found(found.kind(), JSON.valueToTree(patched));
  }

  public void delete(Found found) {
    asked(() -> handle(found).delete());
  }

  /// Waits until an object is as it is hoped to be; empty where it was not in time, or went.
  public Optional<Found> await(Found found, Predicate<Found> hope, Duration within) {
    try {
      GenericKubernetesResource now =
          asked(
              () ->
                  handle(found)
                      .waitUntilCondition(
                          seen -> seen != null && hope.test(of(found.kind(), seen)),
                          within.toMillis(),
                          TimeUnit.MILLISECONDS));
      return Optional.of(of(found.kind(), now));
    } catch (KubernetesClientTimeoutException _) {
      return Optional.empty();
    }
  }

  private static Found of(Kind kind, GenericKubernetesResource resource) {
    return new Found(kind, JSON.valueToTree(resource));
  }

  /// A way to a port of a pod, which is not open to this machine.
  public Tunnel tunnel(Found pod, int port) {
    return asked(
        () ->
            Tunnel.through(
                client.pods().inNamespace(pod.namespace()).withName(pod.name()).portForward(port),
                "port %d of %s, by port-forward,".formatted(port, pod.title())));
  }

  private Resource<GenericKubernetesResource> handle(Found found) {
    String[] version = found.kind().apiVersion().split("/", 2);
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(version.length == 1 ? "" : version[0])
            .withVersion(version[version.length - 1])
            .withKind(found.kind().text())
            .withPlural(found.kind().plural())
            .withNamespaced(true)
            .build();
    return client
        .genericKubernetesResources(context)
        .inNamespace(found.namespace())
        .withName(found.name());
  }

  private static String path(Kind kind, String namespace) {
    String start = kind.apiVersion().contains("/") ? "/apis/" : "/api/";
    String place = namespace.isEmpty() || !kind.isNamespaced() ? "" : "/namespaces/" + namespace;
    return start + kind.apiVersion() + place + "/" + kind.plural();
  }

  /// Empty where there is no such thing.
  private Optional<JsonNode> read(String path) {
    try {
      return Optional.of(JSON.readTree(client.raw(path, "GET", null)));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw explained(e);
    } catch (JsonProcessingException e) {
      throw ClusterException.unreachable(
          client.getMasterUrl() + " is no Kubernetes API server: its answer is no JSON", e);
    }
  }

  private <T> T asked(Supplier<@Nullable T> question) {
    try {
      return Objects.requireNonNull(question.get());
    } catch (KubernetesClientTimeoutException e) {
      throw e;
    } catch (KubernetesClientException e) {
      throw explained(e);
    }
  }

  private ClusterException explained(KubernetesClientException e) {
    if (e.getCode() == 0) {
      return ClusterException.unreachable(
          "the API server at %s cannot be reached: %s; is this the right cluster (--context)?"
              .formatted(client.getMasterUrl(), root(e)),
          e);
    }
    String said = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return ClusterException.refused("the API server says: " + said, e);
  }

  private static String root(Throwable e) {
    Throwable at = e;
    while (at.getCause() != null && !(at instanceof IOException && at.getMessage() != null)) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  @Override
  public void close() {
    client.close();
  }
}
