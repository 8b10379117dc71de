package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider that says what a test tells it, byte for byte.
final class RawProvider implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch sign = new CountDownLatch(1);
  private final AtomicInteger socketFaults = new AtomicInteger();
  private volatile Conversation conversation = gateway -> {};

  /// What happens on one connection; it is closed afterwards.
  interface Conversation {
    void with(Caller gateway) throws IOException;
  }

  /// The gateway, as the provider sees it.
  record Caller(Socket socket, List<String> requests, CountDownLatch sign) {

    /// Waits for a request and its body.
    void hear() throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("the gateway hung up");
        }
        head.append((char) next);
      }
      int length =
          Integer.parseInt(head.toString().replaceAll("(?s).*content-length: (\\d+).*", "$1"));
      requests.add(head + new String(in.readNBytes(length), ISO_8859_1));
    }

    void say(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /// Waits for some bytes of a request.
    void hear(int bytes) throws IOException {
      if (socket.getInputStream().readNBytes(bytes).length < bytes) {
        throw new IOException("the gateway hung up");
      }
    }

    /// Waits until the test calls [RawProvider#sign].
    void awaitSign() throws IOException {
      try {
        sign.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private RawProvider(ServerSocket server) {
    this.server = server;
  }

  static RawProvider start() throws IOException {
    RawProvider provider =
        new RawProvider(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("raw-provider").start(provider::accept);
    return provider;
  }

  /// From now on hears a request on each connection, says `bytes` and hangs up.
  void says(String bytes) {
    converses(
        gateway -> {
          gateway.hear();
          gateway.say(bytes);
        });
  }

  /// From now on has this conversation on each connection.
  void converses(Conversation next) {
    conversation = next;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> converse(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      conversation.with(new Caller(socket, requests, sign));
    } catch (IOException hungUp) {
      socketFaults.incrementAndGet(); // the gateway may; the test looks at what the caller saw
    }
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  /// Lets the conversations go on that wait for it.
  void sign() {
    sign.countDown();
  }

  /// The requests that were heard whole.
  List<String> requests() {
    return List.copyOf(requests);
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
