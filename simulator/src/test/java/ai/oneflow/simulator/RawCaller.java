package ai.oneflow.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// A caller on a bare socket, for what an HTTP client would hide: resets, framing, pipelining.
final class RawCaller implements AutoCloseable {
  private final Socket socket;

  RawCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(5_000);
  }

  static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(path, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  RawCaller send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// What comes until `end` has come.
  String readUntil(String end) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed before `" + end + "`, after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /// What comes until the connection ends, and how it ended: `FIN` or `RST`.
  Ended readToEnd() throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        read.append((char) next);
      }
      return new Ended(read.toString(), "FIN");
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      return new Ended(read.toString(), "RST");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  record Ended(String text, String how) {}
}
