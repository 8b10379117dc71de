package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import picocli.CommandLine.Option;

/// The options of a command that say where the ledger is; the password comes from the environment,
/// where no list of processes shows it.
public final class LedgerArguments {
  @Option(
      names = "--ledger",
      defaultValue = "${ONEFLOW_LEDGER:-jdbc:sqlite:/var/lib/oneflow/ledger.db}",
      description = "JDBC URL of the ledger, SQLite or PostgreSQL.")
  private String url = "";

  @Option(
      names = "--ledger-user",
      defaultValue = "${ONEFLOW_LEDGER_USER:-}",
      description = "Who connects to the ledger; the password comes in ONEFLOW_LEDGER_PASSWORD.")
  private String user = "";

  /// What they say.
  ///
  /// @throws IllegalArgumentException for a URL that names no ledger
  public LedgerDatabase database() {
    String password = System.getenv().getOrDefault("ONEFLOW_LEDGER_PASSWORD", "");
    return new LedgerDatabase(url, user, password);
  }
}
