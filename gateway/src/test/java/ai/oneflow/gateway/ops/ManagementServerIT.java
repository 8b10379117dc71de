package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import ai.oneflow.gateway.telemetry.Scrape;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerIT {
  private static final LedgerStatistics LEDGER =
      new LedgerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true);

  private static final LedgerDatabase NO_LEDGER =
      LedgerDatabase.sqlite(Path.of("target", "there-is-no.db"));

  private final Readiness readiness = new Readiness();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ManagementServer server;

  @BeforeEach
  void start() throws IOException {
    GatewayMetrics metrics = new GatewayMetrics(() -> LEDGER, "nio");
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = ManagementServer.start(anyPort, readiness, new Scrape(metrics), NO_LEDGER);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/healthz", "/livez", "/livez?verbose"})
  void isAliveFromTheStart(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"live\"}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ready", "/readyz"})
  void isReadyOnlyWithAConfigurationAndNotWhileDraining(String path) throws Exception {
    HttpResponse<String> waiting = get(path);
    readiness.configured();
    HttpResponse<String> ready = get(path);
    readiness.draining();
    HttpResponse<String> draining = get(path);

    assertThat(waiting.statusCode()).isEqualTo(503);
    assertThat(waiting.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(waiting.body()).contains("\"detail\":\"waiting for the first configuration");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(draining.statusCode()).isEqualTo(503);
    assertThat(draining.body()).contains("draining");
  }

  @Test
  void showsMetricsInTheFormatThatIsAskedFor() throws Exception {
    HttpResponse<String> text = get("/metrics");
    HttpResponse<String> open =
        client.send(
            request("/metrics").header("Accept", "application/openmetrics-text;q=0.9").build(),
            BodyHandlers.ofString());

    assertThat(text.headers().firstValue("content-type")).hasValue(Scrape.TEXT);
    assertThat(text.body()).contains("http_requests_inprogress 0.0\n");
    assertThat(open.headers().firstValue("content-type")).hasValue(Scrape.OPEN_METRICS);
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void anUnknownPathIsAProblem() throws Exception {
    HttpResponse<String> answer = get("/v1/models");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .startsWith("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,");
  }

  @Test
  void onlyReadingIsAllowed() throws Exception {
    HttpResponse<String> post =
        client.send(
            request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());
    HttpResponse<String> head =
        client.send(
            request("/livez").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());

    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aLedgerThatCannotBeReachedIsAProblemThatNamesNoPath() throws Exception {
    HttpResponse<String> answer = get("/usage");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .contains("The ledger's database cannot be used")
        .doesNotContain(".db");
  }

  @Test
  void garbageIsAnsweredAndTheNextProbeIsServed() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        OutputStream out = socket.getOutputStream()) {
      out.write("\u0001\u0002 nonsense\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
