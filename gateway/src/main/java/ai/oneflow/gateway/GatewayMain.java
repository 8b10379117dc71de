package ai.oneflow.gateway;

import ai.oneflow.gateway.config.push.KeptSnapshots;
import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.PushClient;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.gateway.ops.LedgerArguments;
import ai.oneflow.gateway.ops.LedgerCommands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A gateway pod's process: connects to its operator and serves by what it is given.
@Command(
    name = "oneflow-gateway",
    mixinStandardHelpOptions = true,
    description = "Serves LLM requests by the configuration that an operator pushes.")
public final class GatewayMain implements Callable<Integer> {
  private static final String LOGBACK = "logback.configurationFile";
  private static final int UNAVAILABLE = 69;

  static {
    // By a name of its own, since the gateway is a guest in other programs too, and before the
    // first logger is made.
    if (System.getProperty(LOGBACK) == null) {
      System.setProperty(LOGBACK, "gateway-logback.xml");
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--host",
      defaultValue = "${ONEFLOW_HOST:-0.0.0.0}",
      description = "Where to listen for callers.")
  private String host = "";

  @Option(
      names = "--port",
      defaultValue = "${ONEFLOW_PORT:-8000}",
      description = "The callers' port.")
  private int port;

  @Option(
      names = "--management-host",
      defaultValue = "${ONEFLOW_MANAGEMENT_HOST:-0.0.0.0}",
      description = "Where to listen for probes and scrapes.")
  private String managementHost = "";

  @Option(
      names = "--management-port",
      defaultValue = "${ONEFLOW_MANAGEMENT_PORT:-8001}",
      description = "The port of probes and scrapes.")
  private int managementPort;

  @Option(
      names = "--operator",
      defaultValue = "${ONEFLOW_OPERATOR:-}",
      description = "The operator's push address, host:port; needed to serve.")
  private String operator = "";

  @Option(
      names = "--operator-ca",
      defaultValue = "${ONEFLOW_OPERATOR_CA:-/var/run/oneflow/ca/ca.crt}",
      description = "PEM of the authority of the operator's certificate.")
  private Path operatorCa = Path.of("");

  @Option(
      names = "--token",
      defaultValue = "${ONEFLOW_TOKEN:-/var/run/oneflow/token/token}",
      description = "The pod's projected service-account token.")
  private Path token = Path.of("");

  @Option(
      names = "--gateway",
      defaultValue = "${ONEFLOW_GATEWAY:-}",
      description = "The LLMGateway that this pod is of, namespace/name; needed to serve.")
  private String gateway = "";

  @Option(
      names = "--instance",
      defaultValue = "${ONEFLOW_INSTANCE:-${HOSTNAME:-gateway}}",
      description = "The pod's name.")
  private String instance = "";

  @Option(
      names = "--snapshot-dir",
      defaultValue = "${ONEFLOW_SNAPSHOT_DIR:-/var/run/oneflow/snapshot}",
      description =
          "Where snapshots are mounted that the operator kept; the newest is served by if none has"
              + " come from the operator after five seconds.")
  private Path snapshots = Path.of("");

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Option(
      names = "--journal",
      defaultValue = "${ONEFLOW_JOURNAL:-/var/lib/oneflow/journal}",
      description = "A folder of this pod alone for events that are not in the ledger yet.")
  private Path journal = Path.of("");

  @Option(
      names = "--event-loops",
      defaultValue = "${ONEFLOW_EVENT_LOOPS:-0}",
      description = "Threads that serve requests; 0: half of the processors, at least one.")
  private int eventLoops;

  @Mixin private BoundsArguments bounds = new BoundsArguments();

  @Option(
      names = "--drain-lag-seconds",
      defaultValue = "${ONEFLOW_DRAIN_LAG_SECONDS:-5}",
      description =
          "How long after SIGTERM connections are still taken, while the pod is unready already:"
              + " as long as those need to learn it who send callers here.")
  private int drainLagSeconds;

  @Option(
      names = "--drain-seconds",
      defaultValue = "${ONEFLOW_DRAIN_SECONDS:-60}",
      description = "How long streams may go on after that.")
  private int drainSeconds;

  /// Runs until SIGTERM.
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine program = new CommandLine(new GatewayMain());
    LedgerCommands.all(InstantSource.system()).forEach(program::addSubcommand);
    return program;
  }

  @Override
  public Integer call() throws InterruptedException {
    Self self;
    OperatorAddress address;
    GatewayOptions options;
    try {
      needed("--operator", operator);
      needed("--gateway", gateway);
      self = self();
      address = OperatorAddress.parse(operator, operatorCa, token);
      options = options();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try {
      Gateway running = Gateway.start(options);
      serve(running, new PushClient(address, self, running.sink(), running.reports()));
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      spec.commandLine().getErr().println("the gateway cannot start: " + e.getMessage());
      return UNAVAILABLE;
    }
  }

  /// Until SIGTERM. The process ends with the hook and not with this method, so the hook does all
  /// that is still to be done.
  private void serve(Gateway running, PushClient push) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, push), "drain"));
    push.start(new KeptSnapshots(snapshots));
    new CountDownLatch(1).await();
  }

  private void end(Gateway running, PushClient push) {
    running.drain(Duration.ofSeconds(drainLagSeconds), Duration.ofSeconds(drainSeconds));
    push.close();
    try {
      running.close();
    } catch (IOException e) {
      System.err.println("the ledger did not close: " + e.getMessage());
    }
  }

  /// Not required of the command line, for then the commands about the ledger would require it too.
  private static void needed(String option, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(option + " is missing");
    }
  }

  private Self self() {
    int slash = gateway.indexOf('/');
    if (slash < 1 || slash == gateway.length() - 1) {
      throw new IllegalArgumentException("--gateway must be namespace/name, not " + gateway);
    }
    return new Self(gateway.substring(0, slash), gateway.substring(slash + 1), instance);
  }

  private GatewayOptions options() {
    return new GatewayOptions(
        new InetSocketAddress(host, port),
        new InetSocketAddress(managementHost, managementPort),
        eventLoops == 0 ? GatewayOptions.defaultEventLoops() : eventLoops,
        new LedgerOptions(ledger.database(), journal),
        instance,
        bounds.bounds());
  }
}
