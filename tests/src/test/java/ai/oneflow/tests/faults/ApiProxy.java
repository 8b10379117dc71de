package ai.oneflow.tests.faults;

import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// The way of an operator to its API server, which a test can cut, close or have refuse writes:
/// HTTP/1.1 without TLS comes in, with TLS it goes on. Any number of threads.
final class ApiProxy implements AutoCloseable, ApiConnection.Gate {
  private final ServerSocket listener;
  private final SSLSocketFactory tls;
  private final URI server;
  private final Set<ApiConnection> open = ConcurrentHashMap.newKeySet();
  private final LongAdder writes = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder cuts = new LongAdder();
  private final LongAdder gone = new LongAdder();
  private volatile boolean conflicting;

  private ApiProxy(ServerSocket listener, SSLSocketFactory tls, URI server) {
    this.listener = listener;
    this.tls = tls;
    this.server = server;
  }

  /// @param admin of whoever may use the API server
  static ApiProxy start(Config admin) throws IOException {
    ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    ApiProxy proxy =
        new ApiProxy(listener, trusting(admin.getCaCertData()), URI.create(admin.getMasterUrl()));
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  private static SSLSocketFactory trusting(String authority) throws IOException {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(authority)));
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("server", certificate);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        // It is closed, or the client has gone already.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket onward = tls.createSocket(server.getHost(), server.getPort())) {
      ApiConnection connection = new ApiConnection(client, onward, this);
      open.add(connection);
      try {
        connection.serve();
      } finally {
        open.remove(connection);
      }
    } catch (IOException _) {
      // As when either side hangs up, which the other one is told by the end of its connection.
    }
  }

  /// Where an operator finds its API server.
  String address() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /// Resets what is connected. Whoever connects again is let through.
  void cut() {
    cuts.add(open.size());
    open.forEach(ApiConnection::cut);
  }

  /// How many connections were cut so far.
  long cuts() {
    return cuts.sum();
  }

  /// Nothing comes over the watches of now any more, and nobody says so.
  void silenceWatches() {
    open.stream().filter(ApiConnection::watches).forEach(ApiConnection::silence);
  }

  /// Whether every write is answered with 409, but for those of Leases.
  void conflict(boolean every) {
    conflicting = every;
  }

  @Override
  public Optional<String> refuses(String method, String path) {
    boolean writes =
        !method.equals("GET") && !path.contains("/leases/") && !path.contains("/tokenreviews");
    if (!writes) {
      return Optional.empty();
    }
    this.writes.increment();
    if (!conflicting) {
      return Optional.empty();
    }
    refused.increment();
    return Optional.of(
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Conflict",\
        "code":409,"message":"Operation cannot be fulfilled on %s %s: the object has been modified; \
        please apply your changes to the latest version and try again"}\
        """
            .formatted(method, path));
  }

  @Override
  public void hear(String answer) {
    if (answer.contains("\"code\":410")) {
      gone.increment();
    }
  }

  /// Requests that write, so far, but for Leases.
  long writes() {
    return writes.sum();
  }

  /// How many of them were refused.
  long refused() {
    return refused.sum();
  }

  /// How often the API server has said `410 Gone`.
  long gone() {
    return gone.sum();
  }

  @Override
  public void close() {
    try {
      listener.close();
      cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
