package ai.oneflow.gateway.config.push;

import java.nio.file.Path;

/// Where the operator is, whom to believe that it is the operator, and what to show it.
///
/// Both files are read anew for every connection: the kubelet replaces a token before it expires.
///
/// @param host a name or address that the operator's certificate is for
/// @param port 1 to 65535
/// @param caFile PEM of the authorities that the operator's certificate may come from, and no
/// others
/// @param tokenFile the pod's projected service-account token for
///     [ai.oneflow.snapshot.PushService#AUDIENCE]
public record OperatorAddress(String host, int port, Path caFile, Path tokenFile) {
  private static final int MAX_PORT = 65_535;

  public OperatorAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the operator's host must not be blank");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "the operator's port must lie between 1 and " + MAX_PORT + ", not " + port);
    }
  }

  /// Reads `host:port`, `[::1]:port` for an IPv6 address.
  ///
  /// @throws IllegalArgumentException where it is no such text
  public static OperatorAddress parse(String hostAndPort, Path caFile, Path tokenFile) {
    int colon = hostAndPort.lastIndexOf(':');
    if (colon < 1) {
      throw wrong(hostAndPort);
    }
    String host = hostAndPort.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw wrong(hostAndPort);
    }
    try {
      int port = Integer.parseInt(hostAndPort.substring(colon + 1));
      return new OperatorAddress(host, port, caFile, tokenFile);
    } catch (NumberFormatException _) {
      throw wrong(hostAndPort);
    }
  }

  private static IllegalArgumentException wrong(String hostAndPort) {
    return new IllegalArgumentException(
        "the operator is given as host:port, or as [address]:port for IPv6, not '"
            + hostAndPort
            + "'");
  }
}
