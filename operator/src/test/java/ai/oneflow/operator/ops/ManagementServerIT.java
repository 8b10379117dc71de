package ai.oneflow.operator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ManagementServerIT {
  private final AtomicBoolean ready = new AtomicBoolean();

  @Test
  void isAliveAtOnceAndReadyWhenItIs() throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ManagementServer server = ManagementServer.start(address, ready::get, Map::of);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(status(client, server, "/healthz")).isEqualTo(200);
      assertThat(status(client, server, "/readyz")).isEqualTo(503);

      ready.set(true);

      assertThat(status(client, server, "/readyz")).isEqualTo(200);
      assertThat(status(client, server, "/elsewhere")).isEqualTo(404);
    }
  }

  @Test
  void tellsPrometheusWhatIsSoWhenItAsks() throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    AtomicLong waiting = new AtomicLong(3);
    try (ManagementServer server =
            ManagementServer.start(
                address,
                ready::get,
                () -> Map.of(Metric.STATUSES_WAITING, waiting.get(), Metric.STATUS_WRITES, 7L));
        HttpClient client = HttpClient.newHttpClient()) {
      waiting.set(5);

      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.headers().firstValue("Content-Type")).get().asString().contains("0.0.4");
      assertThat(answer.body())
          .isEqualTo(
              """
              # HELP oneflow_operator_statuses_waiting Resources whose status is still to be written
              # TYPE oneflow_operator_statuses_waiting gauge
              oneflow_operator_statuses_waiting 5
              # HELP oneflow_operator_status_writes_total Statuses that were written
              # TYPE oneflow_operator_status_writes_total counter
              oneflow_operator_status_writes_total 7
              """);
    }
  }

  private static int status(HttpClient client, ManagementServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
