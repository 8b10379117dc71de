package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a provider may send over a socket, well formed and not: the caller gets the answer or an
/// error that says whose fault it is, the ledger gets one line, and no buffer is lost.
@ExtendWith(LeakWatch.class)
class ProviderWireIT {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String MODEL = "gpt-4o";
  private static final String JSON =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}";
  private static final String DELTA = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
  private static final String STOP = "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n";
  private static final String USAGE = "data: " + JSON + "\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @TempDir Path folder;
  private RawProvider provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = RawProvider.start();
    List<Entry> entries =
        Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()).stream()
            .map(
                entry ->
                    entry instanceof ProviderEntry
                        ? Configurations.provider(provider.baseUrl(), List.of(MODEL), PATIENCE)
                        : entry)
            .toList();
    gateway = GatewayUnderTest.start(folder, GatewaySnapshot.of(entries));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void takesAnInterimAnswerForWhatItIs() {
    provider.says("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + json(JSON));

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo(JSON);
  }

  @Test
  void keepsTheProvidersOwnHeadersFromTheCaller() {
    String more = "connection: x-hop_x-hop: 1_set-cookie: a=b_server: x_x-request-id: theirs_";
    provider.says(
        json(JSON).replaceFirst("content-type", more.replace("_", "\r\n") + "content-type"));

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.headers().map())
        .doesNotContainKeys("connection", "x-hop", "set-cookie", "server");
    assertThat(answer.headers().allValues("x-request-id")).hasSize(1).doesNotContain("theirs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 204 No Content_content-type: application/json__ | 502",
        "HTTP/1.1 304 Not Modified_content-type: application/json__ | 502",
        "HTTP/1.1 200 OK_content-type: application/json_content-length: 0__ | 502",
        "HTTP/1.1 200 OK_content-type: application/json_content-length: 9__{\"a\": | 503",
        "HTTP/1.1 200 OK_content-type: application/json_transfer-encoding: chunked__4_{\"a\"_zz_ |"
            + " 502",
        "HTTP/1.1 200 OK_content-type: application/json_transfer-encoding: chunked__4_{\"a\"_ |"
            + " 503",
        "HTTP/1.1 200 OK_content-type: application/json__{\"a\": | 502",
        "HTTP/1.1 200 OK_content-type: text/event-stream_content-encoding: gzip__\u001f\u008b |"
            + " 502",
        "HTTP/1.1 101 Switching Protocols_upgrade: x__hello | 503",
        "SSH-2.0-x_ | 502",
        "HTTP/1.1 200 OK_content-type: appl | 502",
      })
  void refusesWhatIsNoAnswer(String bytes, int status) {
    provider.says(bytes.strip().replace("_", "\r\n"));

    HttpResponse<byte[]> answer = post(",\"stream\":true");

    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
    assertThat(text(answer)).contains("\"code\":\"provider_");
    GatewayUnderTest.Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("provider_failed");
    assertThat(line.source()).isEqualTo("none");
  }

  @Test
  void endsAHeadThatDoesNotEnd() {
    provider.converses(
        gateway -> {
          gateway.hear();
          gateway.say("HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 10_000; i++) {
            gateway.say("x-flood-" + i + ": " + "a".repeat(100) + "\r\n");
          }
        });

    assertThat(post("").statusCode()).isEqualTo(502);
  }

  /// The connection is an old one, over which half the request is still to go when the answer
  // comes.
  @Test
  void doesNotCallAgainOnceItHasAnAnswer() throws IOException {
    provider.converses(
        gateway -> {
          gateway.hear();
          gateway.say(json(JSON));
          gateway.hear(1);
          gateway.say(events(DELTA));
          gateway.awaitSign();
        });
    assertThat(post("").statusCode()).isEqualTo(200);
    try (Socket socket = connect()) {
      send(socket, ",\"stream\":true,\"x\":\"" + "x".repeat(9 << 20) + "\"");
      readUntil(socket, DELTA);

      provider.sign();

      assertThat(readUntil(socket, "}}")).contains("provider_unavailable");
    }
    assertThat(provider.connections()).isEqualTo(1);
  }

  @Test
  void hidesEveryUsageEventOfAStreamThatComesInOnePiece() {
    provider.says(events(DELTA + USAGE + STOP + USAGE + DONE));

    HttpResponse<byte[]> answer = post(",\"stream\":true");

    assertThat(text(answer)).isEqualTo(DELTA + STOP + DONE);
    assertThat(gateway.lines(1).getFirst().input()).isEqualTo(9);
  }

  @Test
  void tellsOfAStreamThatWasCutInTheMiddleOfAnEvent() throws IOException {
    provider.says(events(DELTA + "data: {\"choices\":["));

    String answer = raw(",\"stream\":true");

    assertThat(answer).contains(DELTA).contains("\ndata: {\"error\":").doesNotContain("[\r\n");
    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("provider_failed");
  }

  @Test
  void recordsAStreamThatTellsOfAnErrorAsTheProvidersFailure() {
    String error = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
    provider.says(events(DELTA + error + DONE));

    HttpResponse<byte[]> answer = post(",\"stream\":true");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(text(answer)).contains("\"code\":\"provider_error\"").doesNotContain("overloaded");
    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("provider_failed");
  }

  @Test
  void billsNothingByFiguresThatWereNotRead() {
    provider.says(json(JSON).substring(0, json(JSON).indexOf("\"completion_tokens\"")));

    assertThat(post("").statusCode()).isEqualTo(503);

    GatewayUnderTest.Line line = gateway.lines(1).getFirst();
    assertThat(line.source()).isEqualTo("none");
    assertThat(line.picoDollars()).isZero();
  }

  @Test
  void takesEmptyFiguresForNone() {
    provider.says(json("{\"choices\":[],\"usage\":{}}"));

    assertThat(post("").statusCode()).isEqualTo(200);

    assertThat(gateway.lines(1).getFirst().source()).isEqualTo("estimated");
  }

  /// Whoever keeps a connection alive by comments has not begun to answer.
  @Test
  void givesUpAStreamThatSendsAllButContent() {
    String role = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n";
    provider.converses(
        gateway -> {
          gateway.hear();
          gateway.say("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + role);
          for (int i = 0; i < 50; i++) {
            gateway.say(": ping\n\n");
            LockSupport.parkNanos(PATIENCE.toNanos() / 10);
          }
        });

    HttpResponse<byte[]> answer = post(",\"stream\":true");

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(text(answer)).contains("did not begin within 2000 ms");
    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("provider_failed");
  }

  @Test
  void blamesACallerThatDoesNotReadAndNotTheProvider() throws IOException {
    provider.converses(
        gateway -> {
          gateway.hear();
          gateway.say("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
          while (true) {
            gateway.say(DELTA.repeat(1000));
          }
        });
    try (Socket socket = connect()) {
      send(socket, ",\"stream\":true");

      assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("caller_gone");
    }
  }

  private HttpResponse<byte[]> post(String more) {
    return gateway.post("/v1/chat/completions", body(more).getBytes(UTF_8));
  }

  /// Everything that comes back until the gateway hangs up.
  private String raw(String more) throws IOException {
    try (Socket socket = connect()) {
      send(socket, more);
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("hung up after " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  private static void send(Socket socket, String more) throws IOException {
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer "
            + Configurations.KEY
            + "\r\ncontent-length: "
            + body(more).length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body(more)).getBytes(UTF_8));
  }

  private static String body(String more) {
    return "{\"model\":\"" + MODEL + "\",\"messages\":[]" + more + "}";
  }

  private static String json(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String events(String events) {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + events;
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }
}
