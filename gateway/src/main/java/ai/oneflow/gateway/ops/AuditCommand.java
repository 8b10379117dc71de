package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.EventHistory;
import ai.oneflow.gateway.ledger.sql.Interval;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ops.Audit.Findings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `oneflow audit`: recomputes every charge and says which are wrong. Reads alone.
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Recomputes every charge of the ledger from its usage and the price list that it names.",
      "Exits with 0 only if all agree and nothing was unpriced or overflowed."
    })
final class AuditCommand implements Callable<Integer> {
  private static final int FOUND = 1;
  private static final int UNREADABLE = 69;

  private final InstantSource clock;

  @Mixin private PeriodArguments period = new PeriodArguments();

  @Option(names = "--output", defaultValue = "text", description = "text or json.")
  private String output = "";

  @Option(
      names = "--accept",
      split = ",",
      description = "unpriced, overflowed: what is counted and yet no reason to exit with 1.")
  private List<String> accept = List.of();

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Spec private CommandSpec spec = CommandSpec.create();

  AuditCommand(InstantSource clock) {
    this.clock = clock;
  }

  /// What may be accepted.
  private enum Acceptable {
    UNPRICED,
    OVERFLOWED
  }

  @Override
  public Integer call() {
    LedgerDatabase database;
    Interval interval;
    AuditFormat.Kind kind;
    List<Acceptable> accepted;
    try {
      database = ledger.database();
      interval = period.period(clock.instant()).interval();
      kind = Choice.of("--output", AuditFormat.Kind.values(), output);
      accepted =
          accept.stream()
              .map(each -> Choice.of("--accept", Acceptable.values(), each.strip()))
              .toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      AuditFormat format = AuditFormat.of(kind, spec.commandLine().getOut());
      Findings findings = new Audit(format::difference).of(new EventHistory(database), interval);
      format.findings(findings);
      return isClean(findings, accepted) ? 0 : FOUND;
    } catch (SQLException | IOException e) {
      spec.commandLine().getErr().println("the ledger cannot be read: " + e.getMessage());
      return UNREADABLE;
    }
  }

  private static boolean isClean(Findings findings, List<Acceptable> accepted) {
    return findings.differing() == 0
        && findings.missing().isEmpty()
        && findings.altered().isEmpty()
        && (findings.unpriced() == 0 || accepted.contains(Acceptable.UNPRICED))
        && (findings.overflowed() == 0 || accepted.contains(Acceptable.OVERFLOWED));
  }
}
