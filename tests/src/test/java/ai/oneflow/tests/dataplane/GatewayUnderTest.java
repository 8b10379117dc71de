package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.snapshot.GatewaySnapshot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A gateway on free ports with a ledger of its own, and the ways to call it and to read what it
/// wrote down.
final class GatewayUnderTest implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Gateway gateway;
  private final LedgerOptions ledger;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayUnderTest(Gateway gateway, LedgerOptions ledger) {
    this.gateway = gateway;
    this.ledger = ledger;
  }

  /// What one usage event says.
  record Line(
      String outcome,
      int status,
      String source,
      long input,
      long cached,
      long output,
      long reasoning,
      long picoDollars,
      String chargeState) {}

  /// What the ledger says of an attempt that failed.
  record Attempt(int ordinal, String provider, String outcome, long probablePicoDollars) {}

  static GatewayUnderTest start(Path folder, GatewaySnapshot snapshot) throws IOException {
    return start(folder, "test", snapshot);
  }

  /// One of several, by a name of its own.
  static GatewayUnderTest start(Path folder, String instance, GatewaySnapshot snapshot)
      throws IOException {
    return start(LedgerOptions.in(folder), instance, snapshot);
  }

  /// One that may share its ledger with others.
  static GatewayUnderTest start(LedgerOptions ledger, String instance, GatewaySnapshot snapshot)
      throws IOException {
    return start(options(ledger, instance), snapshot);
  }

  static GatewayOptions options(LedgerOptions ledger, String instance) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new GatewayOptions(free, free, 1, ledger, instance);
  }

  static GatewayUnderTest start(GatewayOptions options, GatewaySnapshot snapshot)
      throws IOException {
    GatewayUnderTest started = new GatewayUnderTest(Gateway.start(options), options.ledger());
    started.configure(snapshot);
    return started;
  }

  void configure(GatewaySnapshot snapshot) {
    assertThat(gateway.sink().offer(snapshot)).isEqualTo(new SnapshotSink.Outcome.Accepted());
  }

  Gateway gateway() {
    return gateway;
  }

  int port() {
    return gateway.port();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  /// Sends a chat over a connection of its own, whose answer may be left or break off.
  ///
  /// @param headers further ones, as `name: value`
  Socket open(String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    Socket socket = openBefore(bytes.length, headers);
    socket.getOutputStream().write(bytes);
    return socket;
  }

  /// Sends the head of a chat alone, whose body is to follow.
  Socket openBefore(int bodyBytes, String... headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    List<String> head = new ArrayList<>();
    head.add("POST /v1/chat/completions HTTP/1.1");
    head.add("host: x");
    head.add("connection: close");
    head.add("authorization: Bearer " + Configurations.KEY);
    head.addAll(List.of(headers));
    head.add("content-length: " + bodyBytes);
    head.add("\r\n");
    socket.getOutputStream().write(String.join("\r\n", head).getBytes(UTF_8));
    return socket;
  }

  HttpResponse<byte[]> post(String path, byte[] body) {
    return send(
        request(path, Configurations.KEY).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(20))
        .header("content-type", "application/json")
        .header("authorization", "Bearer " + key);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError("the gateway did not answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The ledger's lines in order, once there are `count` of them.
  List<Line> lines(int count) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(this::read, lines -> lines.size() >= count);
  }

  private Connection connect() throws SQLException {
    LedgerDatabase database = ledger.database();
    return database.user().isEmpty()
        ? DriverManager.getConnection(database.url())
        : DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  private List<Line> read() throws SQLException {
    List<Line> lines = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM usage ORDER BY id")) {
      while (rows.next()) {
        lines.add(
            new Line(
                rows.getString("outcome"),
                rows.getInt("http_status"),
                rows.getString("usage_source"),
                rows.getLong("input_tokens"),
                rows.getLong("cached_input_tokens"),
                rows.getLong("output_tokens"),
                rows.getLong("reasoning_tokens"),
                rows.getLong("pico_dollars"),
                rows.getString("charge_state")));
      }
    }
    return lines;
  }

  /// The attempts that failed, of the requests whose lines are there.
  List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT ordinal, provider_name, outcome, probable_pico_dollars
                FROM usage_attempt a JOIN usage_destination d ON d.id = a.destination_id
                ORDER BY event_id, ordinal
                """)) {
      while (rows.next()) {
        attempts.add(
            new Attempt(rows.getInt(1), rows.getString(2), rows.getString(3), rows.getLong(4)));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return attempts;
  }

  /// What `GET /v1/usage` says is used of the key's first limit of this unit; empty where it has
  /// none, or nobody knows.
  OptionalLong used(String unit) throws IOException {
    HttpResponse<byte[]> answer = send(request("/v1/usage", Configurations.KEY).GET());
    for (JsonNode limit : JSON.readTree(answer.body()).path("limits")) {
      if (limit.path("unit").asText().equals(unit) && limit.hasNonNull("used")) {
        return OptionalLong.of(limit.path("used").asLong());
      }
    }
    return OptionalLong.empty();
  }

  /// What the metrics page says of a series; 0 where it has none.
  ///
  /// @param series name and labels as the page writes them
  double metric(String series) {
    URI page = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics");
    return new String(send(HttpRequest.newBuilder(page)).body(), UTF_8)
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
  }
}
