package ai.oneflow.bench.soak;

import ai.oneflow.bench.soak.StreamLoad.Counts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Keeps a number of slow streams open through a URL for a given time, and reports the memory of
/// the process that serves them. A stream that ends is replaced by a new one, so buffers are taken
/// and given back all the while.
///
/// Status 0: no stream failed and memory did not grow after the first minute; 1 otherwise.
@Command(
    name = "slow-streams",
    mixinStandardHelpOptions = true,
    description = "Many concurrent slow streams, and the server's memory meanwhile.")
public final class SlowStreams implements Callable<Integer> {
  private static final int SETTLED_AFTER_SECONDS = 60;

  @Option(names = "--url", required = true, description = "…/v1/chat/completions of the gateway.")
  private URI url = URI.create("");

  @Option(names = "--streams", defaultValue = "2000", description = "Open at the same time.")
  private int streams;

  @Option(names = "--seconds", defaultValue = "180", description = "Length of the run.")
  private int seconds;

  @Option(names = "--stream-seconds", defaultValue = "30", description = "Length of one stream.")
  private int streamSeconds;

  @Option(names = "--gap", defaultValue = "500", description = "Milliseconds between two chunks.")
  private int gapMillis;

  @Option(names = "--model", defaultValue = "gpt-4o", description = "Model to ask for.")
  private String model = "";

  @Option(names = "--key-file", description = "File with the bearer token.")
  private Optional<Path> keyFile = Optional.empty();

  @Option(names = "--pid", description = "Process whose memory is reported.")
  private Optional<Long> pid = Optional.empty();

  @Option(names = "--every", defaultValue = "5", description = "Seconds between two reports.")
  private int every;

  @Option(
      names = "--max-growth",
      defaultValue = "10",
      description = "Percent that resident memory may grow after the first minute.")
  private int maxGrowthPercent;

  public static void main(String[] args) {
    System.exit(new CommandLine(new SlowStreams()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String key = keyFile.isPresent() ? Files.readString(keyFile.get()).strip() : "any";
    StreamRequest request = new StreamRequest(url, key, body());
    Optional<ServerMemory> memory = pid.map(ServerMemory::of);
    try (StreamLoad load = new StreamLoad(request, streams)) {
      load.begin();
      watch(load, memory);
      load.finish(streamSeconds + 30);
      return verdict(load.counts(), memory);
    }
  }

  /// The marker reaches the simulator through any gateway that does not rewrite prompts.
  private String body() {
    int tokens = Math.max(1, streamSeconds * 1000 / gapMillis);
    return """
        {"model":"%s","stream":true,"messages":[{"role":"user",\
        "content":"[[sim gap=%dms jitter=50 tokens=%d]]"}]}\
        """
        .formatted(model, gapMillis, tokens);
  }

  private void watch(StreamLoad load, Optional<ServerMemory> memory)
      throws IOException, InterruptedException {
    System.out.println("second\topen\tcomplete\tfailed\tresident MB\theap used MB");
    for (int second = every; second <= seconds; second += every) {
      TimeUnit.SECONDS.sleep(every);
      Counts counts = load.counts();
      System.out.printf(
          "%d\t%d\t%d\t%d\t%s%n",
          second,
          counts.open(),
          counts.complete(),
          counts.failed(),
          memory.isPresent() ? memory.get().sample(second) : "-\t-");
    }
  }

  private int verdict(Counts counts, Optional<ServerMemory> memory) {
    System.out.printf(
        "%d streams complete, %d failed, at most %d open%n",
        counts.complete(), counts.failed(), counts.mostOpen());
    double growth = memory.map(m -> m.growthPercentAfter(SETTLED_AFTER_SECONDS)).orElse(0.0);
    memory.ifPresent(_ -> System.out.printf("growth after the first minute: %.1f %%%n", growth));
    boolean good = counts.failed() == 0 && counts.complete() > 0 && growth <= maxGrowthPercent;
    return good ? 0 : 1;
  }
}
