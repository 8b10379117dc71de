package ai.oneflow.gateway.ops;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/// The commands about the ledger, which every program of OneFlow's has that writes one.
public final class LedgerCommands {
  private LedgerCommands() {}

  /// By name.
  public static Map<String, CommandLine> all(InstantSource clock) {
    Map<String, CommandLine> commands = new TreeMap<>();
    commands.put("usage", new CommandLine(new UsageCommand(clock)));
    commands.put("audit", new CommandLine(new AuditCommand(clock)));
    commands.put("credits", new CommandLine(new CreditsCommand(clock)));
    commands.put("migrate", new CommandLine(new MigrateCommand()));
    return commands;
  }
}
