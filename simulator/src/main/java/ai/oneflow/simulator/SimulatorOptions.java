package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Recording;
import ai.oneflow.simulator.recording.Splitting;
import java.util.List;
import java.util.Set;

/// How a simulator is set up; change one thing with the `with…` methods.
///
/// @param host the address to listen on
/// @param port 0: a free one
/// @param fast answers every request with bytes made at start; see [FastConnection]
/// @param keys good bearer tokens; none: all are
/// @param recordings if any, answers come from these alone
/// @param splitting where streams, and replayed bodies, are cut into chunks
/// @param seed of every text and id
public record SimulatorOptions(
    String host,
    int port,
    boolean fast,
    AcceptedKeys keys,
    List<String> models,
    Timing timing,
    List<Recording> recordings,
    Splitting splitting,
    long seed) {
  public SimulatorOptions {
    models = List.copyOf(models);
    recordings = List.copyOf(recordings);
  }

  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        "127.0.0.1",
        0,
        false,
        AcceptedKeys.of(Set.of()),
        Models.USUAL,
        Timing.NONE,
        List.of(),
        new Splitting.Events(),
        1);
  }

  public SimulatorOptions withAddress(String newHost, int newPort) {
    return new SimulatorOptions(
        newHost, newPort, fast, keys, models, timing, recordings, splitting, seed);
  }

  public SimulatorOptions withFast(boolean newFast) {
    return new SimulatorOptions(
        host, port, newFast, keys, models, timing, recordings, splitting, seed);
  }

  /// The keys are kept as hashes.
  public SimulatorOptions withKeys(Set<String> newKeys) {
    return new SimulatorOptions(
        host, port, fast, AcceptedKeys.of(newKeys), models, timing, recordings, splitting, seed);
  }

  public SimulatorOptions withModels(List<String> newModels) {
    return new SimulatorOptions(
        host, port, fast, keys, newModels, timing, recordings, splitting, seed);
  }

  public SimulatorOptions withTiming(Timing newTiming) {
    return new SimulatorOptions(
        host, port, fast, keys, models, newTiming, recordings, splitting, seed);
  }

  public SimulatorOptions withReplay(List<Recording> newRecordings, Splitting newSplitting) {
    return new SimulatorOptions(
        host, port, fast, keys, models, timing, newRecordings, newSplitting, seed);
  }

  public SimulatorOptions withSeed(long newSeed) {
    return new SimulatorOptions(
        host, port, fast, keys, models, timing, recordings, splitting, newSeed);
  }
}
