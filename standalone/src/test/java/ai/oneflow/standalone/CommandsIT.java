package ai.oneflow.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsIT {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("oneflow.root", "..")).resolve("examples");

  @TempDir private Path folder = Path.of("");
  private final StringWriter said = new StringWriter();

  private int execute(String... arguments) {
    CommandLine program = StandaloneMain.commandLine();
    program.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    return program.execute(arguments);
  }

  @Test
  void validateTakesTheExamples() {
    String quickstart = EXAMPLES.resolve("quickstart").toString();
    String accepted = EXAMPLES.resolve("accepted").toString();

    assertThat(execute("validate", quickstart, accepted)).isZero();
    assertThat(said.toString()).contains(" accepted, 0 mistakes");
  }

  @Test
  void validateSaysWhatTheClusterWouldSayWithFileAndLine() {
    Path file = EXAMPLES.resolve("rejected").resolve("provider-unknown-field.yaml");

    assertThat(execute("validate", file.toString())).isEqualTo(1);
    assertThat(said.toString())
        .startsWith(
            file + ":10: LLMProvider default/refused: strict decoding error: unknown field");
  }

  @Test
  void usageReadsALedgerByTheGroupAsAPersonWritesIt() throws Exception {
    LedgerDatabase ledger = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    SqlLedger.open(ledger).close();

    assertThat(execute("usage", "--by", "key", "--ledger", ledger.url())).isZero();
    assertThat(said.toString()).containsIgnoringCase("requests");
  }

  @Test
  void helpNamesTheCommandsAndNoInnerWords() {
    assertThat(execute("help")).isZero();
    assertThat(execute("help", "run")).isZero();
    assertThat(said.toString())
        .contains("usage", "validate", "--manifests")
        .doesNotContain("Optional");
  }

  @Test
  void versionIsSaid() {
    assertThat(execute("--version")).isZero();
    assertThat(execute("run", "--version")).isZero();
    assertThat(said.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("oneflow "));
  }

  @Test
  void runSaysWhatCannotBeWrittenAndWhichHostNobodyKnows() throws IOException {
    String quickstart = EXAMPLES.resolve("quickstart").toString();
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(
            execute("run", "--no-simulator", "--manifests", quickstart, "--state", file.toString()))
        .isEqualTo(69);
    assertThat(said.toString()).contains(file + "/secrets cannot be made or written");

    assertThat(
            execute("run", "--no-simulator", "--manifests", quickstart, "--host", "nobody.invalid"))
        .isEqualTo(69);
    assertThat(said.toString()).contains("nobody knows an address of --host nobody.invalid");
  }

  @Test
  void runSaysWhereTheFolderIsMissing() throws IOException {
    Path missing = folder.resolve("missing");

    assertThat(execute("run", "--no-simulator", "--manifests", missing.toString())).isEqualTo(69);
    assertThat(said.toString()).contains("there is no folder " + missing);
    assertThat(Files.exists(missing)).isFalse();
  }

  @Test
  void runSaysHowALatencyIsWritten() {
    assertThat(execute("run", "--simulator-latency", "fast")).isEqualTo(2);
    assertThat(said.toString()).contains("a latency is FIRST/GAP, such as 300ms/20ms");
  }

  @Test
  void runNamesThePortThatIsTaken() throws IOException {
    String quickstart = EXAMPLES.resolve("quickstart").toString();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(execute("run", "--manifests", quickstart, "--simulator-port", port)).isEqualTo(69);
      assertThat(said.toString()).contains("port " + port + " of the simulator");

      assertThat(
              execute(
                  "run",
                  "--no-simulator",
                  "--manifests",
                  quickstart,
                  "--port",
                  port,
                  "--state",
                  folder.toString()))
          .isEqualTo(69);
      assertThat(said.toString()).contains("callers on /127.0.0.1:" + port);
    }
  }
}
