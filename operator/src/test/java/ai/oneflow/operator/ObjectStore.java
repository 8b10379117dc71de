package ai.oneflow.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// What an API server does for objects that nobody watches: stores them by name. Applying one
/// replaces it.
public final class ObjectStore implements AutoCloseable {
  private final HttpServer server;
  private final KubernetesClient client;
  private final Map<String, String> objects = new ConcurrentHashMap<>();

  private ObjectStore() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .build())
            .build();
  }

  public static ObjectStore start() throws IOException {
    return new ObjectStore();
  }

  public KubernetesClient client() {
    return client;
  }

  /// The names of all objects, in order.
  public List<String> names() {
    return new TreeSet<>(objects.keySet())
        .stream().map(path -> path.substring(path.lastIndexOf('/') + 1)).toList();
  }

  /// Somebody deletes all of it.
  public void clear() {
    objects.clear();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      switch (exchange.getRequestMethod()) {
        case "POST" -> create(exchange, path, body);
        case "PUT", "PATCH" -> {
          objects.put(path, body);
          say(exchange, HttpURLConnection.HTTP_OK, body);
        }
        default ->
            say(
                exchange,
                objects.containsKey(path)
                    ? HttpURLConnection.HTTP_OK
                    : HttpURLConnection.HTTP_NOT_FOUND,
                Optional.ofNullable(objects.get(path)).orElse("{}"));
      }
    }
  }

  private void create(HttpExchange exchange, String folder, String body) throws IOException {
    JsonNode object = Serialization.unmarshal(body, JsonNode.class);
    String path = folder + "/" + object.path("metadata").path("name").asText();
    boolean there = objects.putIfAbsent(path, body) != null;
    say(
        exchange,
        there ? HttpURLConnection.HTTP_CONFLICT : HttpURLConnection.HTTP_CREATED,
        there ? "{}" : body);
  }

  private static void say(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
