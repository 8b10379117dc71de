package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/// Calls a simulator as an application would.
final class Caller {
  static final String KEY = String.join("-", "test", "key", "one");
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Caller(int port) {
    this.port = port;
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("authorization", "Bearer " + KEY)
        .header("content-type", "application/json");
  }

  JsonNode chat(String more) throws IOException, InterruptedException {
    return JSON.readTree(post("/v1/chat/completions", chatBody("Hello!", more)).body());
  }

  static String chatBody(String prompt, String more) {
    return """
        {"model":"gpt-4o","messages":[{"role":"user","content":"%s"}]%s}\
        """
        .formatted(prompt, more);
  }

  /// The data of each event of a stream.
  static List<String> events(String stream) {
    return stream
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(l -> l.substring(6))
        .toList();
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }
}
