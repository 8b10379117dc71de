package ai.oneflow.bench.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.bench.gateway.MeasuredConfiguration;
import ai.oneflow.bench.gateway.MeasuredLimits;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.push.FleetListener;
import ai.oneflow.operator.push.Pem;
import ai.oneflow.operator.push.PushServer;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.push.TokenReview;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts the gateway's jar again and again against a real push server, and reports the time from
/// the start of the process to the first `200` of `/readyz`: plainly, and with an AOT cache that a
/// training run with some requests made.
@Command(name = "start", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class StartMain implements Callable<Integer> {
  private static final String KEY = "of_bench_start";

  @Option(names = "--jar", required = true, description = "The gateway's jar, lib/ beside it.")
  private Path jar = Path.of("");

  @Option(names = "--work", required = true, description = "A folder for what the runs leave.")
  private Path work = Path.of("");

  @Option(names = "--runs", defaultValue = "7", description = "Starts of each kind.")
  private int runs;

  /// Measures and prints a table.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StartMain()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(work);
    PushTls tls = PushTls.create(List.of("127.0.0.1"), Clock.systemUTC().instant());
    Files.writeString(work.resolve("ca.crt"), Pem.ofCertificate(tls.authority().certificate()));
    Files.writeString(work.resolve("token"), "bench", UTF_8);
    Fleet fleet = new Fleet(Clock.systemUTC(), new Deaf());
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        PushServer operator = PushServer.start(free, tls, new Trusting(), fleet)) {
      fleet.publish(
          new GatewayId(MeasuredConfiguration.NAMESPACE, MeasuredConfiguration.GATEWAY),
          MeasuredConfiguration.of(provider.baseUrl(), KEY, MeasuredLimits.inMemory()));
      compare(new GatewayStart(jar, work, operator.port()));
    }
    return 0;
  }

  private void compare(GatewayStart start) throws IOException, InterruptedException {
    Path cache = work.resolve("gateway.aot");
    Files.deleteIfExists(cache);
    List<String> training = List.of("-XX:AOTCacheOutput=" + cache);
    start.measure(training, KEY);
    System.out.printf("AOT cache: %,d KB%n%n", Files.size(cache) / 1024);
    System.out.println("| start to ready, ms | min | median | max |");
    System.out.println("|---|--:|--:|--:|");
    report("plain", start, List.of());
    report("with AOT cache", start, List.of("-XX:AOTCache=" + cache));
  }

  private void report(String name, GatewayStart start, List<String> options)
      throws IOException, InterruptedException {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      times.add(start.measure(options, ""));
    }
    long[] millis = times.stream().mapToLong(Duration::toMillis).sorted().toArray();
    System.out.printf(
        "| %s | %d | %d | %d |%n",
        name, millis[0], millis[millis.length / 2], Arrays.stream(millis).max().orElse(0));
  }

  /// Every token is the measured gateway's.
  private static final class Trusting implements TokenReview {
    @Override
    public Verdict review(String token) {
      return new Verdict.Authentic(
          MeasuredConfiguration.NAMESPACE, MeasuredConfiguration.GATEWAY + "-gateway");
    }
  }

  private static final class Deaf implements FleetListener {
    @Override
    public void changed(GatewayId gateway) {}

    @Override
    public void refused(GatewayId gateway, String instance, Rejection rejection) {
      System.err.println(instance + " refuses its configuration: " + rejection);
    }
  }
}
