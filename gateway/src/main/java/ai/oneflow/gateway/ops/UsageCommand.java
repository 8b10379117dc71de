package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.UsageGroup;
import ai.oneflow.gateway.ledger.sql.UsageQuery;
import ai.oneflow.gateway.ledger.sql.UsageReport;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `oneflow usage`: what was used and what it cost, out of the ledger. Reads alone.
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "Shows what was used and what it cost, out of the ledger.")
final class UsageCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final InstantSource clock;

  @Option(
      names = "--by",
      defaultValue = "project",
      description = {
        "What to sum up by: project, key, user, provider, model or day;",
        "several with commas between them, such as project,day."
      })
  private String by = "";

  @Mixin private PeriodArguments period = new PeriodArguments();

  @Option(names = "--output", defaultValue = "table", description = "table, json or csv.")
  private String output = "";

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  UsageCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    LedgerDatabase database;
    UsageQuery query;
    ReportFormat format;
    try {
      database = ledger.database();
      format = Choice.of("--output", ReportFormat.values(), output);
      Period asked = period.period(clock.instant());
      query =
          new UsageQuery(
              Choice.several("--by", UsageGroup.values(), by), asked.interval(), asked.zone());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      spec.commandLine().getOut().print(format.render(UsageReport.read(database, query)));
      spec.commandLine().getOut().flush();
      return 0;
    } catch (SQLException e) {
      spec.commandLine().getErr().println("the ledger cannot be read: " + e.getMessage());
      return FAILED;
    }
  }
}
