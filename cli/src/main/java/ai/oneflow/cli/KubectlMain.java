package ai.oneflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.cli.cluster.ClusterException;
import ai.oneflow.standalone.ValidateCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// `kubectl oneflow`: a plugin of kubectl, found by the name of `kubectl-oneflow` on the PATH. Ends
/// with 0 when all is well, 1 when something is wrong or was refused, 2 when nobody could be asked.
@Command(
    name = "kubectl oneflow",
    mixinStandardHelpOptions = true,
    subcommands = {
      ValidateCommand.class,
      ListCommand.class,
      RotateCommand.class,
      RotateExpiringCommand.class,
      RevokeCommand.class,
      UsageCommand.class,
      ExplainCommand.class,
      DoctorCommand.class,
      HealthCommand.class,
      ProductionCommand.class,
      CommandLine.HelpCommand.class
    },
    description = "Looks after OneFlow on a cluster: keys, spending, routing, and what is wrong.")
public final class KubectlMain implements Runnable {
  private static final String LOGBACK = "logback.configurationFile";

  private KubectlMain() {}

  public static void main(String[] args) {
    System.setProperty(LOGBACK, "cli-logback.xml");
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, UTF_8);
    System.exit(run(out, err, args));
  }

  /// Runs one command to its end and gives its exit code.
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine program = new CommandLine(new KubectlMain());
    program.setOut(out).setErr(err);
    program.setExecutionExceptionHandler(new Explanation());
    program.getCommandSpec().versionProvider(KubectlMain::version);
    program
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(KubectlMain::version));
    return program.execute(args);
  }

  /// As the jar says.
  private static String[] version() {
    String version = KubectlMain.class.getPackage().getImplementationVersion();
    return new String[] {"kubectl-oneflow " + (version == null ? "(not from a jar)" : version)};
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /// What went wrong, in a line; anything else is a bug and shows where.
  private static final class Explanation implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
        throws Exception {
      return switch (e) {
        case ClusterException cluster -> {
          command.getErr().println("error: " + cluster.getMessage());
          yield cluster.isUnreachable() ? ExitCode.NOBODY_ASKED : ExitCode.WRONG;
        }
        case IllegalArgumentException use -> {
          command.getErr().println("error: " + use.getMessage());
          yield ExitCode.NOBODY_ASKED;
        }
        default -> throw e;
      };
    }
  }
}
