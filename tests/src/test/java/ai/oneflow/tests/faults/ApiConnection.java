package ai.oneflow.tests.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/// One connection of a client to the API server: requests are looked at one by one, answers pass
/// as they come, and what follows an upgrade passes both ways.
final class ApiConnection {
  private static final int PIECE = 16 << 10;

  private final Socket client;
  private final Socket server;
  private final Gate gate;
  private volatile boolean silent;
  private volatile boolean watches;

  /// Who decides.
  interface Gate {
    /// What a request is answered with in the place of the API server, as 409; empty: it passes.
    Optional<String> refuses(String method, String path);

    /// Hears each piece of what the API server says.
    void hear(String answer);
  }

  ApiConnection(Socket client, Socket server, Gate gate) {
    this.client = client;
    this.server = server;
    this.gate = gate;
  }

  /// Until either side ends.
  void serve() throws IOException {
    Thread.startVirtualThread(this::answers);
    BufferedInputStream in = new BufferedInputStream(client.getInputStream(), PIECE);
    OutputStream out = server.getOutputStream();
    Optional<Head> next = Head.read(in);
    while (next.isPresent()) {
      Head head = next.get();
      watches = head.path().contains("watch=true");
      byte[] body = in.readNBytes(head.length());
      Optional<String> refusal = gate.refuses(head.method(), head.path());
      if (refusal.isPresent()) {
        refuse(refusal.get());
      } else {
        out.write(head.text().getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
      }
      if (head.upgrades()) {
        in.transferTo(out);
      }
      next = Head.read(in);
    }
  }

  /// Clients of HTTP/1.1 that do not pipeline, as these, have had the answer before.
  private void refuse(String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    String head =
        "HTTP/1.1 409 Conflict\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            .formatted(body.length);
    OutputStream out = client.getOutputStream();
    out.write(head.getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  private void answers() {
    byte[] piece = new byte[PIECE];
    try (client;
        server) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (!silent) {
          gate.hear(new String(piece, 0, read, ISO_8859_1));
          out.write(piece, 0, read);
        }
      }
    } catch (IOException _) {
      // Both ends learn of it by the end of their connections.
    }
  }

  /// Whether its newest request is a watch.
  boolean watches() {
    return watches;
  }

  void silence() {
    silent = true;
  }

  /// Resets the client's connection and ends the server's.
  void cut() {
    try {
      client.setSoLinger(true, 0);
      client.close();
      server.close();
    } catch (IOException _) {
      // It has ended already.
    }
  }

  /// The head of a request.
  private record Head(String text) {
    private static final String END = "\r\n\r\n";

    static Optional<Head> read(InputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int ended = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        bytes.write(next);
        ended = next == END.charAt(ended) ? ended + 1 : next == '\r' ? 1 : 0;
        if (ended == END.length()) {
          return Optional.of(new Head(bytes.toString(ISO_8859_1)));
        }
      }
      return Optional.empty();
    }

    String method() {
      return text.substring(0, text.indexOf(' '));
    }

    String path() {
      int from = text.indexOf(' ') + 1;
      return text.substring(from, text.indexOf(' ', from));
    }

    int length() throws IOException {
      if (field("transfer-encoding").isPresent()) {
        throw new IOException("a body of unknown length: " + method() + " " + path());
      }
      return field("content-length").map(Integer::parseInt).orElse(0);
    }

    /// To HTTP/2, which is asked for without TLS, the server does not.
    boolean upgrades() {
      return field("upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    }

    private Optional<String> field(String name) {
      return text.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }
  }
}
