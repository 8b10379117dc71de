package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// A gateway before a stand-in of a provider, calls of it, and what its ledger says of them.
final class MeteredCalls implements AutoCloseable {
  static final String MODEL = "gpt-4o";
  static final String STREAM = ",\"stream\":true";
  static final String CHAT = "/v1/chat/completions";

  private final Path folder;
  private final Simulator provider;
  private GatewayUnderTest gateway;

  private MeteredCalls(Path folder, Simulator provider, GatewayUnderTest gateway) {
    this.folder = folder;
    this.provider = provider;
    this.gateway = gateway;
  }

  static MeteredCalls start(Path folder) throws IOException {
    Simulator provider = Simulator.start(SimulatorOptions.defaults());
    return new MeteredCalls(
        folder,
        provider,
        GatewayUnderTest.start(folder, Configurations.of(provider.baseUrl(), List.of(MODEL))));
  }

  Simulator provider() {
    return provider;
  }

  GatewayUnderTest gateway() {
    return gateway;
  }

  /// Ends the gateway, and starts another on the same ledger.
  void restart(GatewaySnapshot snapshot) throws IOException {
    gateway.close();
    gateway = GatewayUnderTest.start(folder, snapshot);
  }

  GatewaySnapshot changed(
      UnaryOperator<ProviderEntry> providers, UnaryOperator<RouteEntry> routes) {
    return Configurations.changed(provider.baseUrl(), List.of(MODEL), providers, routes);
  }

  static String body(String script, String more) {
    return "{\"model\":\""
        + MODEL
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"user\":\"sim "
        + script
        + "\""
        + more
        + "}";
  }

  HttpResponse<byte[]> post(String script, String more) {
    return gateway.post(CHAT, body(script, more).getBytes(UTF_8));
  }

  /// Reads what there is of an answer that breaks off.
  void read(String script, String more) throws IOException {
    try (Socket socket = gateway.open(body(script, more))) {
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1");
    }
  }

  /// Sends a request, reads so much of the answer, and hangs up once the provider is at work.
  void callAndLeave(String body, int bytes) throws IOException {
    try (Socket socket = gateway.open(body)) {
      InputStream answer = socket.getInputStream();
      assertThat(answer.readNBytes(bytes)).hasSize(bytes);
      await().until(() -> !provider.requests().isEmpty());
    }
  }

  /// The one there is.
  Line line() {
    List<Line> lines = gateway.lines(1);
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  ReceivedRequest note() {
    return provider.requests().getLast();
  }

  long sent() {
    return note().produced().sentTokens();
  }

  void assertEstimated(Line line, String outcome, int status) {
    assertThat(line.outcome()).isEqualTo(outcome);
    assertThat(line.status()).isEqualTo(status);
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isPositive();
    assertThat(line.output()).isBetween(sent() / 3, sent() * 3);
    assertPriced(line);
  }

  static void assertPriced(Line line) {
    assertThat(line.chargeState()).isEqualTo("priced");
    assertThat(line.picoDollars())
        .isEqualTo(
            line.input() * Configurations.INPUT_PICO_DOLLARS
                + line.output() * Configurations.OUTPUT_PICO_DOLLARS);
  }

  static void assertFree(Line line, String outcome) {
    assertThat(line.outcome()).isEqualTo(outcome);
    assertThat(line.source()).isEqualTo("none");
    assertThat(line.input()).isZero();
    assertThat(line.output()).isZero();
    assertThat(line.picoDollars()).isZero();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    provider.close();
  }
}
