package ai.oneflow.gateway.quota.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// The way from a gateway to its Redis, which may be cut, or lead nowhere.
final class TestWire implements AutoCloseable {
  private final int to;
  private final ServerSocket server;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  /// One connection; what goes into a dead one is lost, and nobody says so.
  private static final class Line {
    private volatile boolean dead;
  }

  private TestWire(int to, ServerSocket server) {
    this.to = to;
    this.server = server;
  }

  static TestWire to(URI redis) throws IOException {
    TestWire wire =
        new TestWire(redis.getPort(), new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(wire::accept);
    return wire;
  }

  String url() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /// Nothing arrives until it is mended.
  void cut() {
    cut = true;
  }

  void mend() {
    cut = false;
  }

  /// Nothing that goes over what is connected now arrives.
  void silence() {
    lines.forEach(line -> line.dead = true);
  }

  private void accept() {
    try {
      while (true) {
        Socket gateway = server.accept();
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), to);
        Line line = new Line();
        lines.add(line);
        Thread.startVirtualThread(() -> carry(line, gateway, redis));
        Thread.startVirtualThread(() -> carry(line, redis, gateway));
      }
    } catch (IOException e) {
      lines.clear(); // it is closed
    }
  }

  private void carry(Line line, Socket from, Socket into) {
    byte[] bytes = new byte[65_536];
    try (from;
        into) {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
        while (cut) {
          LockSupport.parkNanos(1_000_000);
        }
        if (!line.dead) {
          out.write(bytes, 0, n);
        }
      }
    } catch (IOException e) {
      line.dead = true;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
