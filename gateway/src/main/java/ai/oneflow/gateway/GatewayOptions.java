package ai.oneflow.gateway;

import ai.oneflow.gateway.exchange.accept.Bounds;
import java.net.InetSocketAddress;

/// How one gateway process is set up; everything else comes with its configuration.
///
/// @param callers where it listens for callers; port 0 for a free one
/// @param management where it listens for probes and scrapes
/// @param eventLoops threads that serve requests, at least 1
/// @param instance its name, which no other gateway on the same ledger has
/// @param bounds how much it takes on at once
public record GatewayOptions(
    InetSocketAddress callers,
    InetSocketAddress management,
    int eventLoops,
    LedgerOptions ledger,
    String instance,
    Bounds bounds) {

  public GatewayOptions {
    if (eventLoops < 1) {
      throw new IllegalArgumentException("eventLoops must be at least 1, not " + eventLoops);
    }
  }

  /// With the usual bounds.
  public GatewayOptions(
      InetSocketAddress callers,
      InetSocketAddress management,
      int eventLoops,
      LedgerOptions ledger,
      String instance) {
    this(callers, management, eventLoops, ledger, instance, Bounds.usual());
  }

  public GatewayOptions withBounds(Bounds other) {
    return new GatewayOptions(callers, management, eventLoops, ledger, instance, other);
  }

  /// Half of the processors: the other half is the kernel's share of the same work.
  public static int defaultEventLoops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
