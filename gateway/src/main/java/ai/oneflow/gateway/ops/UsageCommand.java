package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.UsageGroup;
import ai.oneflow.gateway.ledger.sql.UsageQuery;
import ai.oneflow.gateway.ledger.sql.UsageReport;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
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
public final class UsageCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final InstantSource clock;

  @Option(
      names = "--by",
      defaultValue = "project",
      description = "What to sum up by: project, key, user, provider, model or day.")
  private String by = "";

  @Option(
      names = "--since",
      defaultValue = "1970-01-01",
      description = "The first moment that counts: 2026-01-31, 2026-01-31T12:00:00Z, 24h, 7d.")
  private String since = "";

  @Option(names = "--until", defaultValue = "", description = "The first that counts no more.")
  private String until = "";

  @Option(names = "--output", defaultValue = "table", description = "table, json or csv.")
  private String output = "";

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  public UsageCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    LedgerDatabase database;
    UsageQuery query;
    ReportFormat format;
    try {
      database = ledger.database();
      format = chosen("--output", ReportFormat.values(), output);
      UsageGroup group = chosen("--by", UsageGroup.values(), by);
      long end = until.isEmpty() ? Long.MAX_VALUE : millis(until);
      query = new UsageQuery(group, millis(since), end);
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

  private static <E extends Enum<E>> E chosen(String option, E[] values, String text) {
    for (E value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    String all = Arrays.toString(values).toLowerCase(Locale.ROOT);
    throw new IllegalArgumentException(option + " takes one of " + all + ", not " + text);
  }

  private long millis(String text) {
    return PointInTime.parse(text, clock.instant());
  }
}
