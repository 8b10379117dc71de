package ai.oneflow.tests.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.tests.chaos.Seen.Ending;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;

/// Makes requests as planned, each on a connection of its own. Blocks; any number of threads.
final class ChaosCaller {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Consumer<PlannedRequest> blow;

  /// What a request is made with.
  ///
  /// @param port the gateway's
  /// @param model the public name
  record Identity(int port, String key, String model) {}

  /// @param blow what is done midway to others than caller and provider, such as killing a process
  ChaosCaller(Consumer<PlannedRequest> blow) {
    this.blow = blow;
  }

  Seen call(PlannedRequest planned, Identity identity) {
    Socket socket;
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), identity.port());
    } catch (IOException e) {
      return new Seen(planned, 0, 0, Ending.REFUSED, "");
    }
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Answer answer = new Answer(in);
      socket.setSoTimeout(PATIENCE_MILLIS);
      Ending ending;
      try {
        socket.getOutputStream().write(request(planned, identity).getBytes(UTF_8));
        ending = converse(planned, socket, in, answer);
      } catch (SocketTimeoutException e) {
        ending = Ending.SILENT;
      } catch (IOException e) {
        ending = Ending.BROKEN;
      }
      return answer.seen(planned, ending);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ending converse(PlannedRequest planned, Socket socket, InputStream in, Answer answer)
      throws IOException {
    switch (planned.fault().origin()) {
      case NONE, PROVIDER -> answer.readAll();
      case CALLER -> {
        if (planned.fault() == Fault.CALLER_LEAVES_MIDWAY) {
          midway(planned, socket, in, answer);
        }
        return answer.isWhole() ? Ending.WHOLE : leave(planned, socket);
      }
      case GATEWAY, REDIS, SQL -> {
        midway(planned, socket, in, answer);
        if (answer.isServed()) {
          blow.accept(planned);
        }
        answer.readAll();
      }
    }
    return Ending.WHOLE;
  }

  /// Some tokens of a stream; as long as they would take where there is none.
  private static void midway(PlannedRequest planned, Socket socket, InputStream in, Answer answer)
      throws IOException {
    if (planned.streamed()) {
      answer.read(planned.passed());
      return;
    }
    socket.setSoTimeout(planned.passed() * planned.gapMillis());
    in.mark(1);
    try {
      if (in.read() >= 0) {
        in.reset();
        answer.readAll();
      }
    } catch (SocketTimeoutException _) {
      in.reset();
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  private static Ending leave(PlannedRequest planned, Socket socket) throws IOException {
    socket.setSoLinger(planned.resets(), 0);
    return Ending.LEFT;
  }

  private static String request(PlannedRequest planned, Identity identity) {
    String body = planned.body(identity.model());
    return """
        POST /v1/chat/completions HTTP/1.1\r
        host: gateway\r
        authorization: Bearer %s\r
        content-type: application/json\r
        content-length: %d\r
        \r
        %s\
        """
        .formatted(identity.key(), body.getBytes(UTF_8).length, body);
  }
}
