package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.Migrations;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `oneflow migrate`: brings the ledger's tables to this version, as a gateway does when it starts.
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = "Brings the ledger's tables to this version, as a gateway does when it starts.")
final class MigrateCommand implements Callable<Integer> {
  private static final int UNREADABLE = 69;

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    LedgerDatabase database;
    try {
      database = ledger.database();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      Migrations.Result result = Migrations.apply(database);
      spec.commandLine()
          .getOut()
          .printf("%d migrations applied, version %s%n", result.applied(), result.version());
      spec.commandLine().getOut().flush();
      return 0;
    } catch (SQLException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return UNREADABLE;
    }
  }
}
