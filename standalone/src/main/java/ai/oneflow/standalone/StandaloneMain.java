package ai.oneflow.standalone;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.ops.LedgerCommands;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `oneflow`: runs the gateway on one machine and looks after it.
@Command(
    name = "oneflow",
    mixinStandardHelpOptions = true,
    subcommands = {RunCommand.class, ValidateCommand.class, CommandLine.HelpCommand.class},
    description = "An LLM gateway on one machine, over a folder of manifests.")
public final class StandaloneMain implements Runnable {
  private StandaloneMain() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine program = new CommandLine(new StandaloneMain());
    LedgerCommands.all(InstantSource.system())
        .forEach(
            (name, command) -> {
              command.setDefaultValueProvider(StandaloneMain::ownLedger);
              program.addSubcommand(name, command);
            });
    program.getCommandSpec().versionProvider(StandaloneMain::version);
    program
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(StandaloneMain::version));
    return program;
  }

  /// As the jar says.
  private static String[] version() {
    String version = StandaloneMain.class.getPackage().getImplementationVersion();
    return new String[] {"oneflow " + (version == null ? "(not from a jar)" : version)};
  }

  /// Of one machine, unless the environment names another ledger.
  private static @Nullable String ownLedger(ArgSpec argument) {
    boolean isLedger =
        argument instanceof OptionSpec option && option.longestName().equals("--ledger");
    return isLedger && System.getenv("ONEFLOW_LEDGER") == null
        ? LedgerOptions.in(Path.of(RunCommand.STATE)).database().url()
        : null;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
