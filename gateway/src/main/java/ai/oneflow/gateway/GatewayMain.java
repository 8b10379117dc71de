package ai.oneflow.gateway;

import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.PushClient;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ops.UsageCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A gateway pod's process: connects to its operator and serves by what it is given.
@Command(
    name = "oneflow-gateway",
    mixinStandardHelpOptions = true,
    description = "Serves LLM requests by the configuration that an operator pushes.")
public final class GatewayMain implements Callable<Integer> {
  private static final String LOGBACK = "logback.configurationFile";

  static {
    // By a name of its own, since the gateway is a guest in other programs too, and before the
    // first logger is made.
    if (System.getProperty(LOGBACK) == null) {
      System.setProperty(LOGBACK, "gateway-logback.xml");
    }
  }

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
      required = true,
      defaultValue = "${ONEFLOW_OPERATOR}",
      description = "The operator's push address, host:port.")
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
      required = true,
      defaultValue = "${ONEFLOW_GATEWAY}",
      description = "The LLMGateway that this pod is of, namespace/name.")
  private String gateway = "";

  @Option(
      names = "--instance",
      defaultValue = "${HOSTNAME:-gateway}",
      description = "The pod's name.")
  private String instance = "";

  @Option(
      names = "--ledger",
      defaultValue = "${ONEFLOW_LEDGER:-jdbc:sqlite:/var/lib/oneflow/ledger.db}",
      description = "JDBC URL of the ledger, SQLite or PostgreSQL.")
  private String ledger = "";

  @Option(
      names = "--ledger-user",
      defaultValue = "${ONEFLOW_LEDGER_USER:-}",
      description = "Who connects to the ledger; the password comes in ONEFLOW_LEDGER_PASSWORD.")
  private String ledgerUser = "";

  @Option(
      names = "--journal",
      defaultValue = "${ONEFLOW_JOURNAL:-/var/lib/oneflow/journal}",
      description = "A folder of this pod alone for events that are not in the ledger yet.")
  private Path journal = Path.of("");

  @Option(
      names = "--event-loops",
      defaultValue = "${ONEFLOW_EVENT_LOOPS:-0}",
      description = "Threads that serve requests; 0: half of the processors.")
  private int eventLoops;

  @Option(
      names = "--drain-seconds",
      defaultValue = "${ONEFLOW_DRAIN_SECONDS:-60}",
      description = "How long streams may go on after SIGTERM.")
  private int drainSeconds;

  /// Runs until SIGTERM.
  public static void main(String[] arguments) {
    CommandLine commands = new CommandLine(new GatewayMain());
    commands.addSubcommand(new UsageCommand(InstantSource.system()));
    System.exit(commands.execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    int slash = gateway.indexOf('/');
    if (slash < 1 || slash == gateway.length() - 1) {
      throw new IllegalArgumentException("--gateway must be namespace/name, not " + gateway);
    }
    Self self = new Self(gateway.substring(0, slash), gateway.substring(slash + 1), instance);
    CountDownLatch ended = new CountDownLatch(1);
    try (Gateway running = Gateway.start(options());
        PushClient push =
            new PushClient(
                OperatorAddress.parse(operator, operatorCa, token), self, running.sink())) {
      push.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(running, ended), "drain"));
      ended.await();
    }
    return 0;
  }

  private void drain(Gateway running, CountDownLatch ended) {
    running.drain(Duration.ofSeconds(drainSeconds));
    ended.countDown();
  }

  private GatewayOptions options() {
    String password = System.getenv().getOrDefault("ONEFLOW_LEDGER_PASSWORD", "");
    return new GatewayOptions(
        new InetSocketAddress(host, port),
        new InetSocketAddress(managementHost, managementPort),
        eventLoops > 0 ? eventLoops : GatewayOptions.defaultEventLoops(),
        new LedgerOptions(new LedgerDatabase(ledger, ledgerUser, password), journal),
        instance);
  }
}
