package ai.oneflow.operator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ManagementServerIT {
  private final AtomicBoolean ready = new AtomicBoolean();

  @Test
  void isAliveAtOnceAndReadyWhenItIs() throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ManagementServer server = ManagementServer.start(address, ready::get);
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(status(client, server, "/healthz")).isEqualTo(200);
      assertThat(status(client, server, "/readyz")).isEqualTo(503);

      ready.set(true);

      assertThat(status(client, server, "/readyz")).isEqualTo(200);
      assertThat(status(client, server, "/elsewhere")).isEqualTo(404);
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
