package ai.oneflow.cli;

import ai.oneflow.cli.show.Span;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How long a command waits for what it asked for.
final class WaitArguments {
  @Option(
      names = "--timeout",
      defaultValue = "60s",
      description = "How long the operator is waited for, for each key; default 60s.")
  private String timeout = "";

  @Option(names = "--no-wait", description = "Ask, and do not wait for the operator.")
  private boolean noWait;

  /// Nothing where nobody waits.
  Duration within() {
    Duration within = Span.parse(timeout);
    if (within.isZero()) {
      throw new IllegalArgumentException("--timeout is longer than nothing; there is --no-wait");
    }
    return noWait ? Duration.ZERO : within;
  }
}
