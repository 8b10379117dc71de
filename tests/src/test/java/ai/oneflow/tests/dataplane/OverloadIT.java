package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.exchange.accept.Bounds;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A gateway with room for three megabytes of requests and for four connections of callers.
@ExtendWith(LeakWatch.class)
class OverloadIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String HELD = "oneflow_body_bytes";
  private static final String CONNECTIONS = "oneflow_caller_connections";
  private static final int MEGABYTE = 1 << 20;
  private static final int CAP = 4;

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway =
        GatewayUnderTest.start(
            GatewayUnderTest.options(LedgerOptions.in(folder), "test")
                .withBounds(new Bounds(CAP, 3L * MEGABYTE, Duration.ofSeconds(10))),
            Configurations.of(provider.baseUrl(), List.of("gpt-4o")));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void refusesWhatItHasNoRoomForAndServesWhatItHas() throws Exception {
    String large = chat("wait", MEGABYTE);
    try (Socket first = begin(large);
        Socket second = begin(large)) {
      await().until(() -> gateway.metric(HELD) > 2 * MEGABYTE - 1000);

      HttpResponse<byte[]> refused = gateway.post(CHAT, large.getBytes(UTF_8));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      assertThat(new JsonMapper().readTree(refused.body()).at("/error/code").asText())
          .isEqualTo("gateway_overloaded");
      assertThat(gateway.metric("oneflow_requests_shed_total{reason=\"bodies\"}")).isEqualTo(1);
      assertThat(gateway.post(CHAT, chat("small", 10).getBytes(UTF_8)).statusCode()).isEqualTo(200);
      finish(first);
      finish(second);
      assertThat(status(first)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(status(second)).isEqualTo("HTTP/1.1 200 OK");
    }
    assertNothingIsHeld();
  }

  @Test
  void refusesInTheMiddleABodyWhoseLengthWasNotTold() throws Exception {
    try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      caller.setSoTimeout(20_000);
      caller
          .getOutputStream()
          .write(
              ("POST "
                      + CHAT
                      + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                      + Configurations.KEY
                      + "\r\ntransfer-encoding: chunked\r\n\r\n")
                  .getBytes(UTF_8));
      byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(UTF_8);
      for (int i = 0; i < 50; i++) {
        caller.getOutputStream().write(chunk);
      }
      assertThat(status(caller)).isEqualTo("HTTP/1.1 503 Service Unavailable");
    }
    assertNothingIsHeld();
  }

  @Test
  void holdsNothingOfRequestsThatEndInAnyOtherWay() throws Exception {
    gateway.post(CHAT, "{\"model\":\"gpt-4o\"".getBytes(UTF_8));
    gateway.post(CHAT, chat("x", 100).replace("gpt-4o", "nobody").getBytes(UTF_8));
    gateway.post("/v1/estimate", chat("x", 100).getBytes(UTF_8));
    gateway.post(CHAT, chat("[[sim status=400]]", 100).getBytes(UTF_8));
    gateway.post(CHAT, chat("[[sim status=500]]", 100).getBytes(UTF_8));
    try (Socket leavesInItsBody = begin(chat("x", MEGABYTE))) {
      assertThat(leavesInItsBody.isConnected()).isTrue();
      await().until(() -> gateway.metric(HELD) > MEGABYTE - 1000);
    }
    try (Socket leavesBeforeTheAnswer =
        gateway.open(chat("[[sim outcome=stall at=before-headers]]", 1000))) {
      assertThat(leavesBeforeTheAnswer.isConnected()).isTrue();
      await().until(() -> gateway.metric(HELD) > 1000);
    }

    assertNothingIsHeld();
  }

  @Test
  void acceptsNoMoreConnectionsThanMayBeUntilOneEnds() throws Exception {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < CAP; i++) {
      open.add(begin(chat("x", 10)));
    }
    await().until(() -> gateway.metric(CONNECTIONS) == CAP);
    try (Socket waits = gateway.open(chat("x", 10))) {
      assertThat(gateway.metric(CONNECTIONS)).isEqualTo(CAP);
      assertThat(waits.getInputStream().available()).isZero();

      finish(open.getFirst());
      assertThat(status(open.getFirst())).isEqualTo("HTTP/1.1 200 OK");

      assertThat(status(waits)).isEqualTo("HTTP/1.1 200 OK");
    }
    for (Socket socket : open) {
      socket.close();
    }
    await().until(() -> gateway.metric(CONNECTIONS) == 0);
    assertThat(gateway.post(CHAT, chat("x", 10).getBytes(UTF_8)).statusCode()).isEqualTo(200);
  }

  /// All of it but the last byte.
  private Socket begin(String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(20_000);
    String head =
        "POST %s HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer %s\r\n"
            .formatted(CHAT, Configurations.KEY);
    String length = "content-length: %d\r\n\r\n".formatted(body.length());
    socket
        .getOutputStream()
        .write((head + length + body.substring(0, body.length() - 1)).getBytes(UTF_8));
    return socket;
  }

  private static void finish(Socket begun) throws IOException {
    begun.getOutputStream().write('}');
  }

  /// Reads to the end of the answer.
  private static String status(Socket caller) throws IOException {
    InputStream in = caller.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private void assertNothingIsHeld() {
    await().until(() -> gateway.metric(HELD) == 0);
  }

  private static String chat(String text, int padding) {
    return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"%s %s\"}]}"
        .formatted(text, "x".repeat(padding));
  }
}
