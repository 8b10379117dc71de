package ai.oneflow.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One command on a connection of its own: what a test needs to arrange, without the client that is
/// tested (https://redis.io/docs/latest/develop/reference/protocol-spec/).
final class RedisCommand {
  private static final int PATIENCE_MILLIS = 5_000;

  private RedisCommand() {}

  /// @throws IOException also for an answer that is an error
  static String ask(int port, String... words) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        int bytes = word.getBytes(StandardCharsets.UTF_8).length;
        command.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
      }
      socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
      return read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private static String read(InputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new IOException(rest);
      case '$' -> bulk(in, Integer.parseInt(rest));
      case '*' -> {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(rest); i++) {
          elements.add(read(in));
        }
        yield String.join("\n", elements);
      }
      default -> throw new IOException("no answer of Redis begins like " + line);
    };
  }

  private static String bulk(InputStream in, int length) throws IOException {
    if (length < 0) {
      return "";
    }
    String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    in.skipNBytes(2);
    return text;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new IOException("Redis hung up");
      }
      line.append((char) next);
    }
    in.skipNBytes(1);
    return line.toString();
  }
}
