package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.PushClient;
import ai.oneflow.gateway.config.push.Self;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A whole gateway in this process that serves by what an operator pushes.
public final class PushedGateway implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Gateway gateway;
  private final PushClient push;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private PushedGateway(Gateway gateway, PushClient push) {
    this.gateway = gateway;
    this.push = push;
  }

  /// One of `main`, with a ledger of its own.
  static PushedGateway start(
      OperatorFixture operator, String namespace, String instance, Path parent) throws IOException {
    return start(
        new OperatorAddress(
            "127.0.0.1",
            operator.pushPort(),
            operator.authority(),
            operator.token(namespace, "main", instance)),
        new Self(namespace, "main", instance),
        parent);
  }

  /// One that finds its operator there.
  ///
  /// @param parent for the folder of its ledger
  public static PushedGateway start(OperatorAddress operator, Self self, Path parent)
      throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path folder = Files.createDirectory(parent.resolve(self.namespace() + "-" + self.instance()));
    Gateway gateway =
        Gateway.start(new GatewayOptions(free, free, 1, LedgerOptions.in(folder), self.instance()));
    PushClient push = new PushClient(operator, self, gateway.sink(), gateway.reports());
    push.start();
    return new PushedGateway(gateway, push);
  }

  /// Where callers find it.
  URI address() {
    return URI.create("http://127.0.0.1:" + gateway.port());
  }

  /// The status of a request that no provider sees.
  int models(String key) {
    return send(request("/v1/models", key).GET()).statusCode();
  }

  /// The status of a chat.
  int chat(String key) {
    return chatAnswer(key).statusCode();
  }

  /// The answer to a chat with the model `smart`.
  public HttpResponse<String> chatAnswer(String key) {
    String body =
        """
        {"model":"smart","max_tokens":20,"messages":[{"role":"user","content":"Is it you?"}]}
        """;
    return send(
        request("/v1/chat/completions", key).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /// How many requests the key's limit has counted.
  long used(String key) throws IOException {
    return limit(key, "requests").path("used").asLong();
  }

  /// What the key's budget has counted, as the gateway words it.
  String spent(String key) throws IOException {
    return limit(key, "credits").path("used").asText();
  }

  private JsonNode limit(String key, String unit) throws IOException {
    HttpResponse<String> answer = send(request("/v1/usage", key).GET());
    assertThat(answer.statusCode()).isEqualTo(200);
    for (JsonNode limit : JSON.readTree(answer.body()).path("limits")) {
      if (limit.path("unit").asText().equals(unit) && limit.hasNonNull("used")) {
        return limit;
      }
    }
    throw new AssertionError("no limit on " + unit + " in " + answer.body());
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .header("authorization", "Bearer " + key)
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    push.close();
    client.close();
    gateway.close();
  }
}
