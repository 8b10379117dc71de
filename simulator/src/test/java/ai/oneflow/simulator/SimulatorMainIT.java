package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class SimulatorMainIT {
  @Test
  void saysInALineThatThePortIsTaken() throws IOException {
    StringWriter said = new StringWriter();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      int code =
          new CommandLine(new SimulatorMain())
              .setErr(new PrintWriter(said, true))
              .execute("--port", port);

      assertThat(code).isEqualTo(69);
      assertThat(said.toString().lines())
          .singleElement()
          .asString()
          .startsWith("cannot listen on 127.0.0.1:" + port);
    }
  }
}
