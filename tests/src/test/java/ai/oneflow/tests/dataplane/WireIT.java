package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a caller may send over a socket, well formed and not. Whatever it is, the next request is
/// served.
@ExtendWith(LeakWatch.class)
class WireIT {
  private static final String MODEL = "gpt-4o";
  private static final String BODY =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, Configurations.of(provider.baseUrl(), List.of(MODEL)));
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(gateway.post("/v1/chat/completions", BODY.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    gateway.close();
    provider.close();
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException {
    String one = head("x-request-id: first\r\n", "content-length: " + BODY.length()) + BODY;
    String two = head("x-request-id: second\r\n", "content-length: " + BODY.length()) + BODY;
    String three =
        head("x-request-id: third\r\nconnection: close\r\n", "content-length: " + BODY.length())
            + BODY;

    String answers = exchange(one + two + three);

    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    assertThat(answers.indexOf("first")).isLessThan(answers.indexOf("second"));
    assertThat(answers.indexOf("second")).isLessThan(answers.indexOf("third"));
  }

  @Test
  void takesABodyInChunks() throws IOException {
    StringBuilder chunks = new StringBuilder();
    for (int i = 0; i < BODY.length(); i += 7) {
      String piece = BODY.substring(i, Math.min(i + 7, BODY.length()));
      chunks.append(Integer.toHexString(piece.length())).append("\r\n").append(piece);
      chunks.append("\r\n");
    }

    String answer =
        exchange(
            head("connection: close\r\n", "transfer-encoding: chunked")
                + chunks
                + "0;ext=1\r\nx-trailer: 1\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 5\r\ncontent-length: 6",
        "content-length: 5\r\ntransfer-encoding: chunked",
        "content-length: -1",
        "content-length: x",
        "bad header\u0001: 1",
        "content-length : 5",
        "content-length: 5\r\n 0",
        "content-length: 5, 5",
        "transfer-encoding: xchunked",
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding:\r\n chunked",
        "x: a\rtransfer-encoding: chunked",
        "x: a\ntransfer-encoding: chunked",
        "host: another",
      })
  void refusesWhatCanBeReadInTwoWays(String headers) throws IOException {
    String answer = exchange(head("", headers) + "0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").containsOnlyOnce("HTTP/1.1 4");
    assertThat(answer).contains("malformed_request");
    assertThat(provider.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/models HTTP/1.1\r\n\r\n",
        "GET /v1/models HTTP/2.0\r\nhost: gateway\r\n\r\n",
        "GET /v1/models HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /v1/models\r\n\r\n",
        "\u0016\u0003\u0001\r\n\r\n",
      })
  void refusesWhatIsNoRequest(String bytes) throws IOException {
    assertThat(exchange(bytes)).startsWith("HTTP/1.1 400").contains("malformed_request");
  }

  @Test
  void takesATargetInAbsoluteForm() throws IOException {
    String answer =
        exchange(
            head("connection: close\r\n", "content-length: " + BODY.length())
                    .replace("POST /", "POST http://gateway:8000/")
                + BODY);

    assertThat(answer).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void goesOnAfterARefusalWhoseBodyIsShort() throws IOException {
    String answers =
        exchange(
            head("content-encoding: gzip\r\n", "content-length: " + BODY.length())
                + BODY
                + head("", "content-length: 2").replace("POST /v1/chat", "HEAD /v1/chat")
                + "{}"
                + head("", "content-length: 0").replace("POST", "OPTIONS")
                + head("", "content-length: 0").replace("/v1/chat/completions", "/v1/other")
                + head("connection: close\r\n", "content-length: " + BODY.length())
                + BODY);

    assertThat(answers.split("(?<=\\n|\\})(?=HTTP/1.1 )"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("HTTP/1.1 415 "),
            second ->
                assertThat(second)
                    .startsWith("HTTP/1.1 405 ")
                    .contains("allow: POST\r\n")
                    .endsWith("\r\n\r\n"),
            third -> assertThat(third).startsWith("HTTP/1.1 405 ").contains("allow: POST\r\n"),
            fourth -> assertThat(fourth).startsWith("HTTP/1.1 404 "),
            fifth -> assertThat(fifth).startsWith("HTTP/1.1 200 "));
  }

  @Test
  void keepsTheOrderWhereTheFirstAnswerIsSlowOrFails() throws IOException {
    provider.script(1, "outcome=reset at=before-headers first-byte=300ms");
    String slow = head("", "content-length: " + BODY.length()) + BODY;
    String quick =
        head("", "content-length: 0").replace("POST /v1/chat/completions", "GET /v1/models");
    String last = head("connection: close\r\n", "content-length: " + BODY.length()) + BODY;

    String answers = exchange(slow + quick + last);

    assertThat(answers.split("(?<=\\n|\\})(?=HTTP/1.1 )"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("HTTP/1.1 503 "),
            second -> assertThat(second).contains("\"object\":\"list\""),
            third -> assertThat(third).contains("chat.completion"));
  }

  @Test
  void refusesChunksThatAreNone() throws IOException {
    String answer = exchange(head("", "transfer-encoding: chunked") + "zz\r\nhello\r\n0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("malformed_request");
  }

  @Test
  void refusesHeadersOfAHundredKilobytes() throws IOException {
    String answer = exchange(head("x-long: " + "a".repeat(100_000) + "\r\n", "content-length: 0"));

    assertThat(answer).startsWith("HTTP/1.1 431").contains("headers_too_large");
  }

  @Test
  void refusesABodyThatSaysItIsTooLarge() throws IOException {
    String answer = exchange(head("", "content-length: 10485761"));

    assertThat(answer).startsWith("HTTP/1.1 413").contains("request_too_large");
  }

  @Test
  void refusesABodyThatTurnsOutTooLarge() throws IOException {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";

    String answer =
        exchange(head("", "transfer-encoding: chunked") + chunk.repeat(161) + "0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 413").contains("request_too_large");
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(
          head("expect: 100-continue\r\nconnection: close\r\n", "content-length: " + BODY.length())
              .getBytes(US_ASCII));

      assertThat(new String(in.readNBytes(25), US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      out.write(BODY.getBytes(US_ASCII));

      assertThat(new String(in.readAllBytes(), UTF_8)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void cancelsAStreamThatNobodyReadsAndRecordsIt() throws IOException {
    provider.script(1, "outcome=stall");
    String body = BODY.substring(0, BODY.length() - 1) + ",\"stream\":true}";
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write((head("", "content-length: " + body.length()) + body).getBytes(US_ASCII));
      await().until(() -> !provider.requests().isEmpty());
    }

    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("caller_gone");
  }

  @Test
  void servesAnOldCallerUntilTheConnectionEnds() throws IOException {
    String body = BODY.substring(0, BODY.length() - 1) + ",\"stream\":true}";

    String answer =
        exchange(
            head("", "content-length: " + body.length()).replace("HTTP/1.1", "HTTP/1.0") + body);

    assertThat(answer).contains("connection: close").endsWith("data: [DONE]\n\n");
    assertThat(answer).doesNotContain("transfer-encoding");
  }

  private static String head(String first, String last) {
    return "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
        + Configurations.KEY
        + "\r\ncontent-type: application/json\r\n"
        + first
        + last
        + "\r\n\r\n";
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Sends all, and reads until the gateway hangs up. A connection that is reset while we still
  /// send must have answered before.
  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      socket.getOutputStream().write(request.getBytes(US_ASCII));
                    } catch (IOException e) {
                      assertThat(e).as("the gateway hung up, as it may").isNotNull();
                    }
                  });
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      sender.interrupt();
      return answer;
    }
  }
}
