package ai.oneflow.bench.compare;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Runs `wrk` with the script that posts a chat completion and reports as JSON. One thread for each
/// process that is asked: it shares two cores with what it measures.
final class Wrk {
  private final Path script;
  private final Path folder;
  private final Consumer<Process> started;

  /// @param started is told of each process, so that an interrupted run ends it
  Wrk(Path script, Path folder, Consumer<Process> started) {
    this.script = script;
    this.folder = folder;
    this.started = started;
  }

  /// What the caller saw. Latencies are of whole answers, in microseconds.
  ///
  /// @param errors answers of 400 and more, and connections that failed, broke or timed out
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Result(
      long requests, long micros, long bytes, long p50, long p95, long p99, long max, long errors) {
    double perSecond() {
      return micros == 0 ? 0 : requests * 1e6 / micros;
    }
  }

  Result run(RunningTarget target, Load load, int seconds)
      throws IOException, InterruptedException {
    // The key goes by file, so that it is on no command line.
    Files.writeString(keyFile(), target.key());
    ProcessBuilder builder =
        new ProcessBuilder(command(target, load, seconds)).redirectErrorStream(true);
    builder.environment().put("BENCH_PORTS", target.ports());
    Process wrk = builder.start();
    started.accept(wrk);
    String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = wrk.waitFor();
    return output
        .lines()
        .filter(line -> status == 0 && line.startsWith("{"))
        .findFirst()
        .map(Wrk::parse)
        .orElseThrow(() -> new IllegalStateException("wrk failed:\n" + output));
  }

  private List<String> command(RunningTarget target, Load load, int seconds) {
    return List.of(
        "wrk",
        "-t" + threads(target, load),
        "-c" + load.connections(),
        "-d" + seconds + "s",
        "--timeout=10s",
        "-s" + script,
        "http://127.0.0.1:" + target.port() + "/v1/chat/completions",
        "--",
        keyFile().toString(),
        target.target().model(),
        load.kind());
  }

  private static int threads(RunningTarget target, Load load) {
    return Math.min(target.size(), load.connections());
  }

  private Path keyFile() {
    return folder.resolve("wrk.key");
  }

  private static Result parse(String line) {
    try {
      return new JsonMapper().readValue(line, Result.class);
    } catch (IOException e) {
      throw new IllegalStateException("wrk reported no JSON: " + line, e);
    }
  }
}
