package ai.oneflow.operator.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// `/healthz`, `/livez` and `/readyz` for probes and `/metrics` for Prometheus, on a port of their
/// own.
public final class ManagementServer implements AutoCloseable {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /// Serves at once; ready as soon as `ready` says so.
  ///
  /// @param values of the metrics as they are when somebody asks
  /// @throws IOException where the address cannot be bound
  public static ManagementServer start(
      InetSocketAddress address, BooleanSupplier ready, Supplier<Map<Metric, Long>> values)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/healthz", exchange -> answer(exchange, true));
    server.createContext("/livez", exchange -> answer(exchange, true));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    server.createContext(
        "/metrics",
        exchange ->
            answer(
                exchange,
                new Answer(HttpURLConnection.HTTP_OK, PROMETHEUS, Metric.page(values.get()))));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return new ManagementServer(server);
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    int status = good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE;
    answer(exchange, new Answer(status, PLAIN, good ? "ok\n" : "not ready\n"));
  }

  private record Answer(int status, String type, String text) {}

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      byte[] body = answer.text.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type);
      exchange.sendResponseHeaders(answer.status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
