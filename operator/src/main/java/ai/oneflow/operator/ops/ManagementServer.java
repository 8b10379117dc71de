package ai.oneflow.operator.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// `/healthz`, `/livez` and `/readyz` for probes, on a port of their own.
public final class ManagementServer implements AutoCloseable {
  private final HttpServer server;

  private ManagementServer(HttpServer server) {
    this.server = server;
  }

  /// Serves at once; ready as soon as `ready` says so.
  ///
  /// @throws IOException where the address cannot be bound
  public static ManagementServer start(InetSocketAddress address, BooleanSupplier ready)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/healthz", exchange -> answer(exchange, true));
    server.createContext("/livez", exchange -> answer(exchange, true));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return new ManagementServer(server);
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    try (exchange) {
      byte[] body = (good ? "ok\n" : "not ready\n").getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(
          good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, body.length);
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
