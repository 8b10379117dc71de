package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.key.Due;
import ai.oneflow.cli.key.KeyState;
import ai.oneflow.cli.show.Span;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kubectl oneflow rotate-expiring`: replaces what is due before long, at a time of one's
/// choosing.
@Command(
    name = "rotate-expiring",
    mixinStandardHelpOptions = true,
    description = {
      "Replaces the keys whose spec.rotation or spec.expiresAt comes round within --days.",
      "An ApiKey with expiresAt ends as a whole, so that another key alone would not help: it is",
      "replaced with --extend, which sets a later expiresAt, and named without."
    })
final class RotateExpiringCommand implements Callable<Integer> {
  @Mixin private ScopeArguments scope = new ScopeArguments();
  @Mixin private WaitArguments wait = new WaitArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--days", defaultValue = "30", description = "How far ahead; default 30.")
  private int days;

  @Option(
      names = "--grace-period",
      defaultValue = "",
      description = "Sets spec.rotation.grace, as in 7d. Default: as the ApiKey says.")
  private String grace = "";

  @Option(
      names = "--extend",
      defaultValue = "",
      description = "Moves expiresAt of those that end to so long from now, as in 90d.")
  private String extend = "";

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean dry;

  /// What was to be done, and what could not.
  private static final class Tally {
    private int done;
    private int failed;
    private int left;
  }

  @Override
  public Integer call() {
    if (days < 0) {
      throw new IllegalArgumentException("--days is a number of days from now, not " + days);
    }
    for (String span : List.of(grace, extend)) {
      if (!span.isEmpty()) {
        Span.parse(span);
      }
    }
    Instant now = Instant.now();
    PrintWriter out = spec.commandLine().getOut();
    Tally tally = new Tally();
    try (Cluster cluster = scope.open()) {
      Rotation rotation = new Rotation(cluster, wait.within(), out, spec.commandLine().getErr());
      cluster.list(Kind.API_KEY, scope.namespace()).stream()
          .map(key -> new KeyState(key, now))
          .forEach(key -> handle(key, rotation, tally));
    }
    out.printf(
        "%d %s, %d failed, %d end and are left alone%n",
        tally.done, dry ? "would be replaced" : "replaced", tally.failed, tally.left);
    return tally.failed == 0 ? ExitCode.GOOD : ExitCode.WRONG;
  }

  private void handle(KeyState key, Rotation rotation, Tally tally) {
    switch (Due.of(key, Duration.ofDays(days))) {
      case Due.Not() -> {}
      case Due.Replacement(Instant at) -> replace(key, at, rotation, tally);
      case Due.End(Instant at) -> {
        if (extend.isEmpty()) {
          tally.left++;
          spec.commandLine()
              .getOut()
              .printf("%s ends at %s; --extend 90d would let it go on%n", key.key().title(), at);
        } else {
          replace(key, at, rotation, tally);
        }
      }
    }
  }

  private void replace(KeyState key, Instant at, Rotation rotation, Tally tally) {
    if (dry) {
      tally.done++;
      spec.commandLine().getOut().printf("%s is due at %s%n", key.key().title(), at);
    } else if (rotation.rotate(key.key(), change(key))) {
      tally.done++;
    } else {
      tally.failed++;
    }
  }

  private ObjectNode change(KeyState key) {
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    if (!grace.isEmpty() && key.key().has("/spec/rotation")) {
      change.putObject("rotation").put("grace", grace);
    } else if (!grace.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf("%s has no spec.rotation to say a grace in%n", key.key().title());
    }
    if (!extend.isEmpty() && key.ends().isPresent()) {
      Instant end = key.now().plus(Span.parse(extend));
      change.put("expiresAt", Instant.ofEpochSecond(end.getEpochSecond()).toString());
    }
    return change;
  }
}
