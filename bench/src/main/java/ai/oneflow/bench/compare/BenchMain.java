package ai.oneflow.bench.compare;

import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts the targets, measures them, writes the table and ends what it started, on Ctrl-C too.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Compares relays in front of the same mock, in one run.")
public final class BenchMain implements Callable<Integer> {
  private static final String MOCK = "mock";

  @Option(names = "--root", required = true, description = "The project's folder.")
  private Path root = Path.of("");

  @Option(names = "--seconds", defaultValue = "10", description = "Of each measurement.")
  private int seconds;

  @Option(names = "--warm-up", defaultValue = "20", description = "Seconds for each target.")
  private int warmUp;

  @Option(names = "--connections", split = ",", description = "For JSON answers.")
  private List<Integer> connections = List.of(1, 8, 32, 128);

  @Option(names = "--stream-connections", split = ",", description = "For streams.")
  private List<Integer> streamConnections = List.of(8, 32);

  @Option(names = "--only", split = ",", description = "These targets alone.")
  private List<String> only = List.of();

  private final ConcurrentLinkedDeque<AutoCloseable> started = new ConcurrentLinkedDeque<>();

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new BenchMain())
            .setExecutionExceptionHandler((failure, _, _) -> failed(failure))
            .execute(args));
  }

  /// What went wrong is in the message: a target's log, or what wrk said.
  private static int failed(Exception failure) {
    System.err.println(failure.getMessage());
    return 1;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endAll));
    Path folder = root.resolve("bench/target/run");
    Files.createDirectories(folder);
    RunningTarget mock = start(mockTarget(), 0);
    List<RunningTarget> targets = new ArrayList<>();
    for (Target target : Target.load(root.resolve("scripts/bench/targets.yaml"))) {
      if (only.isEmpty() || only.contains(target.name())) {
        targets.add(target.command().isEmpty() ? mock : start(target, mock.port()));
      }
    }
    Wrk wrk = new Wrk(root.resolve("scripts/bench/chat.lua"), folder, this::remember);
    Comparison comparison = new Comparison(mock, targets, wrk, System.out);
    comparison.warmUp(warmUp);
    write(comparison.measure(Load.of(connections, streamConnections), seconds), folder);
    comparison.doubts().forEach(doubt -> System.err.println("not to be trusted: " + doubt));
    return comparison.doubts().isEmpty() ? 0 : 1;
  }

  private static Target mockTarget() {
    return new Target(
        MOCK,
        List.of(
            "${java}",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            "${classpath}",
            "ai.oneflow.simulator.SimulatorMain",
            "--fast",
            "--port",
            "${port}"),
        1,
        Target.Counts.NOTHING,
        "http://127.0.0.1:${port}/health",
        "",
        "gpt-4o");
  }

  private RunningTarget start(Target target, int upstreamPort)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("oneflow-bench");
    started.addFirst(() -> delete(work));
    Map<String, String> values = new HashMap<>();
    values.put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    values.put("classpath", System.getProperty("java.class.path"));
    values.put("root", root.toString());
    values.put("work", work.toString());
    values.put("upstream", Integer.toString(upstreamPort));
    Optional<RedisServer> redis = redis(target);
    redis.ifPresent(server -> values.put("redis", Integer.toString(server.port())));
    List<TargetProcess> processes = new ArrayList<>();
    for (int number = 0; number < target.gateways(); number++) {
      values.put("number", Integer.toString(number));
      processes.add(start(target, values));
    }
    return new RunningTarget(target, processes, redis);
  }

  private TargetProcess start(Target target, Map<String, String> values)
      throws IOException, InterruptedException {
    int port = freePort();
    values.put("port", Integer.toString(port));
    values.put("port2", Integer.toString(freePort()));
    TargetProcess process =
        TargetProcess.start(target.filledIn(values), port, root.resolve("bench/target/run"));
    started.addFirst(process);
    process.awaitReady();
    return process;
  }

  private Optional<RedisServer> redis(Target target) throws IOException {
    if (target.counts() != Target.Counts.REDIS) {
      return Optional.empty();
    }
    RedisProgram program =
        RedisProgram.any()
            .orElseThrow(() -> new IllegalStateException("there is no redis-server to count in"));
    RedisServer server = RedisServer.start(program, RedisServer.Persistence.NONE);
    started.addFirst(server);
    return Optional.of(server);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void remember(Process wrk) {
    started.addFirst(wrk::destroy);
  }

  private void write(List<Measurement> measurements, Path folder) throws IOException {
    Report report = new Report(machine(), seconds, measurements);
    Files.writeString(folder.resolve("bench.json"), report.json());
    Files.writeString(folder.resolve("bench.md"), report.markdown());
    System.out.printf("%n%s%nwritten to %s/bench.md and bench.json%n", report.markdown(), folder);
  }

  private static String machine() throws IOException {
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown CPU");
    return "%s, %d × %s, Linux %s, Java %s"
        .formatted(
            Instant.now().toString().substring(0, 16) + "Z",
            Runtime.getRuntime().availableProcessors(),
            cpu,
            System.getProperty("os.version"),
            Runtime.version());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// The youngest first: a process before the folder that it works in.
  private void endAll() {
    for (AutoCloseable process : started) {
      try {
        process.close();
      } catch (Exception e) {
        System.err.println("cannot end a process: " + e.getMessage());
      }
    }
  }
}
