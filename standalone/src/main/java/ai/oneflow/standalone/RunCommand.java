package ai.oneflow.standalone;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.simulator.Timing;
import ai.oneflow.standalone.serve.Standalone;
import ai.oneflow.standalone.serve.StandaloneOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `oneflow run`: serves until the process is told to end.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Serves by a folder of manifests, and follows it.")
final class RunCommand implements Callable<Integer> {
  /// Where one machine keeps what it must not lose, if nothing else is said.
  static final String STATE = ".run";

  private static final String HOST = "127.0.0.1";
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final int UNAVAILABLE = 69;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--manifests",
      defaultValue = "manifests",
      description = "Folder of manifests; folders in it are not read.")
  private Path manifests = Path.of("");

  @Option(
      names = "--secrets-dir",
      showDefaultValue = Help.Visibility.NEVER,
      description = "Folder of Secrets, <name>/<key>; keys are minted here. Default: in --state.")
  private Optional<Path> secrets = Optional.empty();

  @Option(names = "--state", defaultValue = STATE, description = "Folder of the ledger.")
  private Path state = Path.of("");

  @Option(names = "--host", defaultValue = HOST, description = "Address to serve callers on.")
  private String host = HOST;

  @Option(names = "--port", defaultValue = "8000", description = "Callers' port; 0: a free one.")
  private int port;

  @Option(
      names = "--management-port",
      defaultValue = "8001",
      description = "Port of probes and metrics; 0: a free one.")
  private int managementPort;

  @Option(
      names = "--simulator-port",
      defaultValue = "8090",
      description = "Port of the provider stand-in.")
  private int simulatorPort;

  @Option(
      names = "--simulator-latency",
      defaultValue = "realistic",
      description = "First token and gap between tokens, such as 300ms/20ms; 0ms/0ms: at once.")
  private String simulatorLatency = "";

  @Option(names = "--no-simulator", description = "Without the provider stand-in.")
  private boolean noSimulator;

  @Override
  public Integer call() throws InterruptedException {
    Timing latency = latency();
    Optional<Simulator> simulator = Optional.empty();
    try {
      simulator = noSimulator ? Optional.empty() : Optional.of(simulator(latency));
      serve(simulator);
      return 0;
    } catch (NotDirectoryException e) {
      spec.commandLine()
          .getErr()
          .println("there is no folder " + e.getMessage() + "; name one with --manifests");
    } catch (IOException | RuntimeException e) {
      spec.commandLine().getErr().println("oneflow cannot start: " + e.getMessage());
    }
    simulator.ifPresent(Simulator::close);
    return UNAVAILABLE;
  }

  private Simulator simulator(Timing latency) throws IOException {
    SimulatorOptions options =
        SimulatorOptions.defaults().withAddress(HOST, simulatorPort).withTiming(latency);
    try {
      return Simulator.start(options);
    } catch (Exception e) { // Netty throws checked ones that nobody declares.
      throw new IOException(
          "port %d of the simulator: %s; see --simulator-port and --no-simulator"
              .formatted(simulatorPort, e.getMessage()),
          e);
    }
  }

  private Timing latency() {
    try {
      return Timing.parse(simulatorLatency);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void serve(Optional<Simulator> simulator) throws IOException, InterruptedException {
    InetSocketAddress callers = new InetSocketAddress(host, port);
    if (callers.isUnresolved()) {
      throw new IOException("nobody knows an address of --host " + host);
    }
    StandaloneOptions options =
        new StandaloneOptions(
            manifests,
            secrets.orElse(state.resolve("secrets")),
            state,
            callers,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), managementPort));
    Standalone standalone = standalone(options);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(standalone, simulator, ended), "end"));
    greet(standalone, simulator);
    ended.await();
  }

  private static Standalone standalone(StandaloneOptions options) throws IOException {
    try {
      return Standalone.start(options, System.out::println);
    } catch (NotDirectoryException e) {
      throw e;
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "" : ": " + e.getReason();
      throw new IOException(e.getFile() + " cannot be made or written" + reason, e);
    }
  }

  private void greet(Standalone standalone, Optional<Simulator> simulator) {
    simulator.ifPresent(
        s -> System.out.println("simulator (stands in for a provider): " + s.baseUrl()));
    System.out.printf(
        "gateway: http://%s/v1   probes and metrics: http://%s:%d%n",
        standalone.authority(), HOST, standalone.managementPort());
    System.out.println("following " + manifests.toAbsolutePath().normalize() + "; Ctrl-C ends");
    standalone
        .curl()
        .ifPresentOrElse(
            curl -> System.out.println("try:\n\n" + curl + "\n"),
            () -> System.out.println("no key or no model is served yet, see above"));
  }

  private static void end(
      Standalone standalone, Optional<Simulator> simulator, CountDownLatch ended) {
    System.out.println("draining");
    if (!standalone.drain(DRAIN)) {
      System.out.println("some calls had not ended after " + DRAIN.toSeconds() + " s");
    }
    try {
      standalone.close();
    } catch (IOException e) {
      System.err.println("the ledger did not close: " + e.getMessage());
    }
    simulator.ifPresent(Simulator::close);
    ended.countDown();
  }
}
