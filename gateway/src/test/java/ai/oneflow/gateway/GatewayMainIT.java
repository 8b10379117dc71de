package ai.oneflow.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GatewayMainIT {
  @TempDir Path folder;
  private final StringWriter said = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --operator=             | --operator is missing
          --gateway=              | --gateway is missing
          --gateway=main          | --gateway must be namespace/name, not main
          --operator=nowhere      | the operator is given as host:port
          --ledger=jdbc:oracle:x  | a ledger's URL must begin with jdbc:sqlite: or jdbc:postgresql:
          --port=70000            | port out of range:70000
          --event-loops=-1        | eventLoops must be at least 1, not -1
          --instance=             | namespace, gateway and instance must not be blank
          """)
  void saysWhatIsWrongWithAnOption(String option, String message) throws IOException {
    assertThat(execute(option)).isEqualTo(2);

    assertThat(said.toString()).startsWith(message).doesNotContain("\tat ");
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void saysInALineWhyItCannotStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(execute("--port=" + taken.getLocalPort())).isEqualTo(69);
    }

    assertThat(said.toString().lines()).hasSize(1);
    assertThat(said.toString())
        .startsWith("the gateway cannot start: cannot listen for callers on /127.0.0.1:");
  }

  /// Spare files are deleted when the ledger is closed, so they tell whether it was.
  @Test
  void isClosedInWholeBeforeSigtermEndsIt() throws IOException {
    Process process = start();
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String line = output.readLine();
      while (line != null && !line.contains("cannot connect to the operator")) {
        line = output.readLine();
      }
      assertThat(journalFiles()).isNotEmpty();

      process.toHandle().destroy();
      output.lines().forEach(said::append);
    }

    assertThat(process.onExit().join().exitValue()).isEqualTo(128 + 15);
    assertThat(journalFiles()).isEmpty();
  }

  private int execute(String option) {
    CommandLine command =
        GatewayMain.commandLine().setErr(new PrintWriter(said, true)).setOut(new PrintWriter(said));
    List<String> arguments = arguments();
    arguments.removeIf(each -> each.startsWith(option.substring(0, option.indexOf('=') + 1)));
    arguments.add(option);
    return command.execute(arguments.toArray(String[]::new));
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(GatewayMain.class.getName());
    command.addAll(arguments());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private List<String> arguments() {
    return new ArrayList<>(
        List.of(
            "--host=127.0.0.1",
            "--port=0",
            "--management-host=127.0.0.1",
            "--management-port=0",
            "--operator=127.0.0.1:1",
            "--operator-ca=" + folder.resolve("no-ca"),
            "--token=" + folder.resolve("no-token"),
            "--gateway=ai/main",
            "--instance=main-0",
            "--ledger=jdbc:sqlite:" + folder.resolve("ledger.db"),
            "--journal=" + folder.resolve("journal")));
  }

  private List<Path> journalFiles() throws IOException {
    Path journal = folder.resolve("journal");
    try (Stream<Path> files = Files.exists(journal) ? Files.list(journal) : Stream.empty()) {
      return files.filter(file -> file.toString().endsWith(".journal")).toList();
    }
  }
}
