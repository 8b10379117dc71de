package ai.oneflow.bench.overload;

import ai.oneflow.bench.process.ProcessTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Finds out how many requests a second a gateway answers at most, asks for less, for a multiple of
/// it, and for less again.
///
/// Status 0: what is asked of a gateway under overload was so; 1: it was not.
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = "More load than a gateway can carry, and what becomes of it.")
public final class OverloadMain implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 5_500;

  /// An event loop gets more done where it finds more at once.
  private static final int MANY = 8;

  @Option(names = "--url", required = true, description = "…/v1/chat/completions of the gateway.")
  private URI url = URI.create("");

  @Option(names = "--key-file", required = true, description = "File with the bearer token.")
  private Path keyFile = Path.of("");

  @Option(names = "--pid", required = true, description = "Process of the gateway.")
  private long pid;

  @Option(names = "--model", defaultValue = "gpt-4o", description = "Model to ask for.")
  private String model = "";

  @Option(
      names = "--stream-provider",
      defaultValue = "0",
      description = "Ask for streams, and be the gateway's provider at this port; 0: neither.")
  private int streamProvider;

  @Option(
      names = "--chunks",
      defaultValue = "100",
      description = "Length of an answer that is a stream, about one token each.")
  private int chunks;

  @Option(names = "--prompt-bytes", defaultValue = "800", description = "Length of the prompt.")
  private int promptBytes;

  @Option(names = "--warm-up", defaultValue = "25", description = "Seconds before the first look.")
  private int warmUpSeconds;

  @Option(names = "--peak", defaultValue = "8", description = "Seconds that the peak is taken of.")
  private int peakSeconds;

  @Option(
      names = "--peak-connections",
      defaultValue = "64",
      description = "Connections that ask without pause when the peak is looked for.")
  private int peakConnections;

  @Option(
      names = "--processor",
      defaultValue = "-1",
      description = "The gateway's from the end of the warm-up on; -1: any.")
  private int processor;

  @Option(names = "--factor", defaultValue = "2", description = "Overload, as a multiple of peak.")
  private double factor;

  @Option(names = "--seconds", defaultValue = "60", description = "Length of the overload.")
  private int seconds;

  @Option(names = "--after", defaultValue = "8", description = "Seconds of half the peak after it.")
  private int afterSeconds;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "Connections that callers open at most.")
  private int connections;

  @Option(
      names = "--bound",
      defaultValue = "1000",
      description = "Milliseconds after which an answer is worth nothing.")
  private int boundMillis;

  @Option(
      names = "--max-growth",
      defaultValue = "256",
      description = "Megabytes that resident memory may grow by.")
  private int maxGrowthMegabytes;

  public static void main(String[] args) {
    System.exit(new CommandLine(new OverloadMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    ProcessTree gateway =
        new ProcessTree(
            ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("--pid: no process " + pid)));
    Load.Asking asking =
        new Load.Asking(
            new InetSocketAddress(url.getHost(), url.getPort()),
            request(),
            connections,
            boundMillis);
    try (AutoCloseable _ = provider();
        Load load = new Load(asking, () -> gateway.residentKilobytes() / 1024.0)) {
      Findings findings = run(load, gateway);
      List<String> wrong = findings.wrong(maxGrowthMegabytes);
      wrong.forEach(System.out::println);
      System.out.println(wrong.isEmpty() ? "all held" : "failed");
      return wrong.isEmpty() ? 0 : 1;
    }
  }

  private AutoCloseable provider() {
    return streamProvider > 0 ? StreamProvider.listen(streamProvider, chunks) : () -> {};
  }

  private Findings run(Load load, ProcessTree gateway) throws InterruptedException, IOException {
    warmUp(load);
    double peak = Math.max(peak(load, peakConnections), peak(load, MANY * peakConnections));
    System.out.printf("peak: %.0f requests/s%n", peak);
    Load.Later before = load.open(peak / 2, afterSeconds);
    Shares begin = Shares.of(gateway);
    Load.Later during = load.open(peak * factor, seconds);
    String shares = Shares.of(gateway).since(begin, seconds);
    int open = load.connections();
    Load.Later after = load.open(peak / 2, afterSeconds);
    TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
    Findings findings =
        new Findings(
            peak,
            print("before", before.seconds()),
            print("overload", during.seconds()),
            print("after", after.seconds()));
    System.out.printf("%s; %s; %d connections%n", findings.summary(), shares, open);
    return findings;
  }

  /// With overload, so that its ways through the code are as warm as the others.
  private void warmUp(Load load) throws InterruptedException, IOException {
    List<Second> first = load.closed(peakConnections, warmUpSeconds);
    load.open(factor * good(first.subList(warmUpSeconds / 2, warmUpSeconds)), warmUpSeconds / 2);
    TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
    if (processor >= 0) {
      Pinned.to(processor, pid);
    }
    print("warm-up", load.closed(peakConnections, warmUpSeconds / 2));
  }

  private double peak(Load load, int callers) throws InterruptedException {
    return good(print("peak", load.closed(callers, peakSeconds)));
  }

  private static double good(List<Second> seconds) {
    return seconds.stream().mapToInt(second -> second.counts().good()).average().orElse(0);
  }

  private static List<Second> print(String phase, List<Second> seconds) {
    System.out.println(phase + "\t" + Second.COLUMNS);
    for (int i = 0; i < seconds.size(); i++) {
      System.out.println(i + 1 + "\t" + seconds.get(i).line());
    }
    return seconds;
  }

  private ByteBuf request() throws IOException {
    String body =
        """
        {"model":"%s","messages":[{"role":"user","content":"%s"}]%s}"""
            .formatted(
                model,
                "word ".repeat(promptBytes / 5),
                streamProvider > 0 ? ",\"stream\":true" : "");
    String head =
        "POST %s HTTP/1.1\r\nhost: %s\r\nauthorization: Bearer %s\r\n"
                .formatted(url.getRawPath(), url.getAuthority(), Files.readString(keyFile).strip())
            + "content-type: application/json\r\ncontent-length: %d\r\n\r\n"
                .formatted(body.length());
    byte[] bytes = (head + body).getBytes(StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
  }
}
