package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Recordings;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The simulator as a program.
@Command(
    name = "oneflow-simulator",
    mixinStandardHelpOptions = true,
    description = "A stand-in for LLM providers that speaks OpenAI's wire.")
public final class SimulatorMain implements Callable<Integer> {
  private static final int UNAVAILABLE = 69;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on.")
  private String host = "";

  @Option(names = "--port", defaultValue = "8090", description = "Port; 0 takes a free one.")
  private int port;

  @Option(names = "--fast", description = "Prepared answers, for benchmarks.")
  private boolean fast;

  @Option(
      names = "--keys",
      split = ",",
      description =
          "Good bearer tokens; default: all. Use @FILE to keep them off the command line.")
  private List<String> keys = List.of();

  @Option(names = "--models", split = ",", description = "Models on offer.")
  private List<String> models = Models.USUAL;

  @Option(names = "--recordings", description = "Answer from this cassette or folder alone.")
  private Optional<Path> recordings = Optional.empty();

  @Option(
      names = "--split",
      defaultValue = "events",
      description = "Where bodies are cut into chunks: whole, events, every-byte, random.")
  private String split = "";

  @Option(
      names = "--latency",
      defaultValue = "0ms/0ms",
      description = "First byte and gap between tokens, such as 300ms/20ms; or `realistic`.")
  private String latency = "";

  @Option(names = "--seed", defaultValue = "1", description = "Of texts, ids and jitter.")
  private long seed;

  public static void main(String[] args) {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
    System.exit(new CommandLine(new SimulatorMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    SimulatorOptions options = options();
    Simulator simulator;
    try {
      simulator = Simulator.start(options);
    } catch (Exception e) { // Netty throws checked ones that nobody declares.
      commandLine()
          .getErr()
          .println("cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()));
      return UNAVAILABLE;
    }
    try (simulator) {
      Runtime.getRuntime().addShutdownHook(new Thread(simulator::close));
      System.out.println("simulator listening on " + simulator.baseUrl());
      simulator.awaitClose();
      return 0;
    }
  }

  private SimulatorOptions options() {
    try {
      SimulatorOptions options =
          SimulatorOptions.defaults()
              .withAddress(host, port)
              .withFast(fast)
              .withKeys(new LinkedHashSet<>(keys))
              .withModels(models)
              .withTiming(Timing.parse(latency))
              .withSeed(seed);
      return recordings
          .map(
              place ->
                  options.withReplay(Recordings.load(place), ScriptReader.splitting(split, seed)))
          .orElse(options);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("picocli fills the spec before it calls");
    }
    return spec.commandLine();
  }
}
