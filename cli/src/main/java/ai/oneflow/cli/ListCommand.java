package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.key.KeyState;
import ai.oneflow.cli.show.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `kubectl oneflow list`: the callers' keys, and never the keys themselves.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists callers' keys: whose, how old, when they end, in which state.")
final class ListCommand implements Callable<Integer> {
  @Mixin private ScopeArguments scope = new ScopeArguments();
  @Mixin private OutputArguments output = new OutputArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Instant now = Instant.now();
    try (Cluster cluster = scope.open()) {
      List<KeyState> keys =
          cluster.list(Kind.API_KEY, scope.namespace()).stream()
              .map(key -> new KeyState(key, now))
              .toList();
      if (keys.isEmpty() && !output.isJson()) {
        spec.commandLine().getErr().println("No ApiKeys found" + place());
      } else {
        output.write(spec.commandLine().getOut(), () -> table(keys), () -> json(keys));
      }
      return ExitCode.GOOD;
    }
  }

  private String place() {
    return scope.isAll() ? "." : " in " + scope.namespace() + " namespace.";
  }

  private String table(List<KeyState> keys) {
    List<String> heads =
        List.of("NAME", "USER", "PROJECT", "PREFIX", "AGE", "EXPIRES", "LAST USED", "STATE");
    Table table = new Table(line("NAMESPACE", heads));
    for (KeyState key : keys) {
      List<String> cells =
          List.of(
              key.key().name(),
              key.user(),
              key.project(),
              key.key().text("/status/prefix"),
              key.age(),
              key.distance(key.ends()),
              key.distance(key.key().instant("/status/lastUsedAt")),
              key.word());
      table.add(line(key.key().namespace(), cells));
    }
    return table.toString();
  }

  private String[] line(String namespace, List<String> rest) {
    Stream<String> first = scope.isAll() ? Stream.of(namespace) : Stream.empty();
    return Stream.concat(first, rest.stream()).toArray(String[]::new);
  }

  private static JsonNode json(List<KeyState> keys) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (KeyState key : keys) {
      ObjectNode one =
          all.addObject()
              .put("namespace", key.key().namespace())
              .put("name", key.key().name())
              .put("user", key.user())
              .put("project", key.project())
              .put("prefix", key.key().text("/status/prefix"))
              .put("secretName", key.secretName())
              .put("state", key.word());
      put(one, "rotatedAt", key.made());
      put(one, "replacedAt", key.replaced());
      put(one, "graceUntil", key.key().instant("/status/graceUntil"));
      put(one, "expiresAt", key.ends());
      put(one, "lastUsedAt", key.key().instant("/status/lastUsedAt"));
    }
    return all;
  }

  private static void put(ObjectNode to, String name, Optional<Instant> moment) {
    to.put(name, moment.map(Instant::toString).orElse(null));
  }
}
