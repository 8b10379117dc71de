package ai.oneflow.gateway;

import ai.oneflow.gateway.exchange.accept.Bounds;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How much a gateway takes on at once, on its command line.
final class BoundsArguments {
  @Option(
      names = "--max-connections",
      defaultValue = "${ONEFLOW_MAX_CONNECTIONS:-10000}",
      description = "Callers' connections at once; the next ones wait to be accepted.")
  private int connections;

  @Option(
      names = "--max-body-megabytes",
      defaultValue = "${ONEFLOW_MAX_BODY_MEGABYTES:-0}",
      description =
          "What may be held of requests and answers at once;"
              + " beyond it requests are refused. 0: half of the direct memory.")
  private int bodyMegabytes;

  @Option(
      names = "--max-lag-millis",
      defaultValue = "${ONEFLOW_MAX_LAG_MILLIS:-100}",
      description = "How long the turns of an event loop may be before it refuses requests.")
  private int lagMillis;

  /// @throws IllegalArgumentException where one is out of its range
  Bounds bounds() {
    Bounds bounds =
        Bounds.usual().withConnections(connections).withLag(Duration.ofMillis(lagMillis));
    return bodyMegabytes == 0 ? bounds : bounds.withBodyBytes((long) bodyMegabytes << 20);
  }
}
