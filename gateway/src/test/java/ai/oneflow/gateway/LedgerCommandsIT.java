package ai.oneflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandsIT {
  @TempDir Path folder;
  private final StringWriter said = new StringWriter();

  @Test
  void theCommandsAboutTheLedgerNeedNoOperator() {
    String url = LedgerDatabase.sqlite(folder.resolve("ledger.db")).url();

    assertThat(execute("migrate", "--ledger", url)).isZero();
    assertThat(execute("migrate", "--ledger", url)).isZero();
    for (String command : List.of("usage", "audit")) {
      assertThat(execute(command, "--ledger", url)).as(command).isZero();
    }
    assertThat(execute("credits", "balance", "--key", "ai/a", "--ledger", url)).isZero();
    assertThat(said.toString())
        .startsWith("2 migrations applied, version 2\n0 migrations applied, version 2\n")
        .contains("0 events: 0 as recomputed")
        .endsWith("ai/a has 0.00 credits left: 0.00 topped up, 0.00 spent\n");
  }

  private int execute(String... arguments) {
    PrintWriter writer = new PrintWriter(said, true);
    return GatewayMain.commandLine().setOut(writer).setErr(writer).execute(arguments);
  }
}
