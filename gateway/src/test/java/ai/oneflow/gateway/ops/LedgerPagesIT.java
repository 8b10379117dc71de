package ai.oneflow.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import ai.oneflow.gateway.ops.LedgerPages.Question;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import ai.oneflow.gateway.telemetry.Scrape;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerPagesIT {
  private static final LedgerStatistics NOTHING =
      new LedgerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true);
  private static final String TOP_UP =
      """
      {"key":"ai/search-key","amount":"50.00","unit":"USD","reference":"invoice 7","by":"ann"}""";

  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LedgerDatabase database;
  private ManagementServer server;

  @BeforeEach
  void start() throws Exception {
    database = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", new Events(1).many(4));
    }
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Scrape scrape = new Scrape(new GatewayMetrics(() -> NOTHING, "nio"));
    server = ManagementServer.start(anyPort, new Readiness(), scrape, database);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void reportsUsageByAnyGroupsInAnyFormat() throws Exception {
    HttpResponse<String> csv = get("/usage?by=user,day&format=csv&from=2026-01-01&to=2026-01-02");
    HttpResponse<String> json = get("/usage");

    assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
    assertThat(csv.body())
        .isEqualTo(
            """
            user,day,requests,input_tokens,output_tokens,credits,not_priced
            alice,2026-01-01,2,6,12,0.0000006,0
            "bob, ""the"" Bär",2026-01-01,2,4,8,0.0000004,0
            """);
    assertThat(json.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(json.body()).contains("\"project\" : \"search\"", "\"total\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /usage?by=colour      | 400 | by takes one of
          /usage?form=csv       | 400 | there is no parameter form
          /usage?by=key&by=user | 400 | by is given more than once
          /usage?from=yesterday | 400 | write a time as
          /usage?timeZone=Moon  | 400 | write a time zone as
          /credits              | 404 | /credits/top-ups
          /credits/a/b/c        | 404 | /credits/top-ups
          /credits/top-ups      | 405 | takes POST
          """)
  void saysWhatIsWrong(String path, int status, String detail) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains(detail);
  }

  @Test
  void aTopUpIsMadeOnceForItsReference() throws Exception {
    HttpResponse<String> first = post(TOP_UP);
    HttpResponse<String> again = post(TOP_UP);
    HttpResponse<String> other = post(TOP_UP.replace("50.00", "50.01"));
    HttpResponse<String> balance = get("/credits/ai/search-key");

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.body()).contains("\"credits\" : \"5000.00\"", "\"by\" : \"ann\"");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(balance.body())
        .contains(
            "\"balance\" : \"4999.9999994\"",
            "\"toppedUp\" : \"5000.00\"",
            "\"spent\" : \"0.0000006\"",
            "\"reference\" : \"invoice 7\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          50.00          | 0.0000000000001 | at most 12 digits
          50.00          | -1              | write an amount as
          50.00          | 0               | more than nothing
          50.00          | 99999999999     | fits nine million USD
          "50.00"        | 50              | with the texts key
          USD            | EUR             | a unit is USD or Credits
          invoice 7      |                 | reference is missing
          ai/search-key  | search-key      | write a key as namespace/name
          "by"           | "bye"           | with the texts key
          """)
  void saysWhatIsWrongWithATopUp(String was, String is, String detail) throws Exception {
    HttpResponse<String> answer = post(TOP_UP.replace(was, is == null ? "" : is));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(detail);
    assertThat(get("/credits/ai/search-key").body()).contains("\"toppedUp\" : \"0.00\"");
  }

  @Test
  void aPageOfTheWebCannotTopUpThroughABrowser() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("/credits/top-ups")
                .header("content-type", "text/plain")
                .POST(BodyPublishers.ofString(TOP_UP))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void onlyThisMachineMayAsk() {
    LedgerPages pages = new LedgerPages(database, InstantSource.system());
    Question question = new Question(HttpMethod.GET, "/usage", "", "", false);

    assertThat(pages.answer(question).status().code()).isEqualTo(403);
  }

  @Test
  void requestsThatComeTogetherOnAConnectionAreAnsweredInTheirOrder() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String usage = "GET /usage?format=csv HTTP/1.1\r\nhost: x\r\n\r\n";
      String live = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
      String last = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      socket
          .getOutputStream()
          .write((usage + live + usage + last).getBytes(StandardCharsets.US_ASCII));
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answers)
          .matches("(?s).*text/csv.*\"live\".*text/csv.*\"live\".*")
          .doesNotMatch("(?s).*\"live\".*\"live\".*text/csv.*");
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(
        request("/credits/top-ups")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
