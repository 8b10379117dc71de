package ai.oneflow.bench.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One line of the table of targets.
///
/// In `command`, `ready` and `keyFile` these are filled in: `${java}`, `${classpath}`, `${root}`,
/// `${work}` (an empty folder of the target's own), `${port}` (where it is to listen), `${port2}`
/// (one more free port), `${upstream}` (the mock's port), `${redis}` (the port of a Redis of the
/// target's own, if it counts there) and `${number}` (0 for its first process, 1 for its second).
///
/// @param command its processes are what is measured; empty: the mock itself
/// @param gateways how many times the command is started, with equal parts of the load for each
/// @param counts where it counts requests. Who counts is measured with whole answers alone: a
/// stream is admitted once, too, and costs many times as much
/// @param ready URL that answers 200 once requests may come; empty: the port is open
/// @param keyFile holds the bearer token to send; empty: any token does
/// @param model that requests name
record Target(
    @JsonProperty("name") String name,
    @JsonProperty("command") List<String> command,
    @JsonProperty("gateways") int gateways,
    @JsonProperty("counts") Counts counts,
    @JsonProperty("ready") String ready,
    @JsonProperty("keyFile") String keyFile,
    @JsonProperty("model") String model) {

  /// Where the limits are that a target counts its requests for.
  enum Counts {
    @JsonProperty("Nothing")
    NOTHING,
    @JsonProperty("Memory")
    MEMORY,
    @JsonProperty("Redis")
    REDIS
  }

  @SuppressWarnings("NullAway") // Jackson gives null for what a line does not say.
  Target {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("a target needs a `name`");
    }
    command = command == null ? List.of() : List.copyOf(command);
    gateways = Math.max(1, gateways);
    counts = counts == null ? Counts.NOTHING : counts;
    ready = ready == null ? "" : ready;
    keyFile = keyFile == null ? "" : keyFile;
    model = model == null ? "gpt-4o" : model;
  }

  static List<Target> load(Path table) throws IOException {
    return List.of(new YAMLMapper().readValue(table.toFile(), Target[].class));
  }

  /// Whether it takes part in this load.
  boolean takes(Load load) {
    return !load.stream() || counts == Counts.NOTHING;
  }

  /// @throws IllegalArgumentException if a `${name}` is left that nothing fills in
  Target filledIn(Map<String, String> values) {
    return new Target(
        name,
        command.stream().map(word -> fill(word, values)).toList(),
        gateways,
        counts,
        fill(ready, values),
        fill(keyFile, values),
        model);
  }

  private String fill(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    if (filled.contains("${")) {
      throw new IllegalArgumentException(
          "target %s: nothing fills in %s; there are %s".formatted(name, filled, values.keySet()));
    }
    return filled;
  }
}
