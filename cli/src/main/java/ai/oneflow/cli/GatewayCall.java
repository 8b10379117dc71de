package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.ClusterException;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.cluster.Tunnel;
import ai.oneflow.cli.key.KeyState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletionException;

/// One call of a gateway.
final class GatewayCall {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tunnel tunnel;

  GatewayCall(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  /// What a gateway answered.
  record Answer(int status, String body) {
    boolean isGood() {
      return status / 100 == 2;
    }

    /// The gateway's own words about what is wrong, in the dialect of the port that was asked.
    String complaint() {
      try {
        JsonNode tree = JSON.readTree(body);
        String words = tree.at("/error/message").asText(tree.path("detail").asText(body));
        return status + ": " + words;
      } catch (JsonProcessingException _) {
        return String.valueOf(status);
      }
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw ClusterException.unreachable("that is no gateway: its answer is no JSON", e);
      }
    }
  }

  /// The key of a caller, out of its Secret; needs the right to read it.
  static String secretOf(Cluster cluster, Found key) {
    String name = new KeyState(key, Instant.now()).secretName();
    String coded =
        cluster
            .get(Kind.SECRET, key.namespace(), name)
            .map(secret -> secret.text("/data/api-key"))
            .orElse("");
    if (coded.isEmpty()) {
      throw new IllegalArgumentException(
          "Secret %s/%s holds no key yet; see kubectl oneflow doctor"
              .formatted(key.namespace(), name));
    }
    return new String(Base64.getDecoder().decode(coded), StandardCharsets.UTF_8);
  }

  Answer get(String path) {
    return send(request(path).build());
  }

  Answer get(String path, String key) {
    return send(request(path).header("Authorization", "Bearer " + key).build());
  }

  Answer post(String path, String key, String body) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(tunnel.base() + path)).timeout(WITHIN);
  }

  private Answer send(HttpRequest request) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      String why = e.getMessage() == null ? "the connection is refused" : e.getMessage();
      throw ClusterException.unreachable(
          "%s cannot be reached: %s".formatted(tunnel.title(), why), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }
}
