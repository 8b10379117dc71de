package ai.oneflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayIT {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  @Test
  void aPortThatIsTakenIsNamedAndNothingIsLeftRunning() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());

      assertThatThrownBy(() -> start(address, FREE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen for callers on ")
          .hasMessageContaining(":" + taken.getLocalPort())
          .hasMessageContaining("Address already in use");
      assertThatThrownBy(() -> start(FREE, address))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen for probes on ")
          .hasMessageContaining(":" + taken.getLocalPort())
          .hasMessageContaining("Address already in use");
    }
    try (Gateway gateway = start(FREE, FREE)) {
      assertThat(gateway.port()).isPositive();
    }
  }

  @Test
  void aRequestBeforeAnyConfigurationIsRefusedAndCounted() throws Exception {
    try (Gateway gateway = start(FREE, FREE);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> refused = get(client, gateway.port(), "/v1/models");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("gateway_not_ready");

      assertThat(get(client, gateway.managementPort(), "/metrics").body())
          .contains("oneflow_requests_refused_total{code=\"gateway_not_ready\"} 1.0")
          .containsPattern("http_requests_total\\{[^}]*\"503\"[^}]*} 1.0");
    }
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private Gateway start(InetSocketAddress callers, InetSocketAddress management)
      throws IOException {
    return Gateway.start(
        new GatewayOptions(callers, management, 1, LedgerOptions.in(folder), "test"));
  }
}
