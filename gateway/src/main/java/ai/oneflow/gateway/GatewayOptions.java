package ai.oneflow.gateway;

import java.net.InetSocketAddress;

/// How one gateway process is set up; everything else comes with its configuration.
///
/// @param callers where it listens for callers; port 0 for a free one
/// @param management where it listens for probes and scrapes
/// @param eventLoops threads that serve requests, at least 1
/// @param instance its name, which no other gateway on the same ledger has
public record GatewayOptions(
    InetSocketAddress callers,
    InetSocketAddress management,
    int eventLoops,
    LedgerOptions ledger,
    String instance) {

  public GatewayOptions {
    if (eventLoops < 1) {
      throw new IllegalArgumentException("eventLoops must be at least 1, not " + eventLoops);
    }
  }

  /// Half of the processors: the other half is the kernel's share of the same work.
  public static int defaultEventLoops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
