package ai.oneflow.gateway.exchange.accept;

import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/// How much a gateway takes on at once.
///
/// @param connections of callers, at least 1; beyond them the next waits to be accepted
/// @param bodyBytes of requests and of answers that are held, at least 1
/// @param lag how long the turns of an event loop may be before it refuses requests
public record Bounds(int connections, long bodyBytes, Duration lag) {
  private static final int USUAL_CONNECTIONS = 10_000;
  private static final Duration USUAL_LAG = Duration.ofMillis(100);

  public Bounds {
    if (connections < 1) {
      throw new IllegalArgumentException("connections must be at least 1, not " + connections);
    }
    if (bodyBytes < 1) {
      throw new IllegalArgumentException("bodyBytes must be at least 1, not " + bodyBytes);
    }
    if (!lag.isPositive()) {
      throw new IllegalArgumentException("lag must be positive, not " + lag);
    }
  }

  /// What fits this process: bodies may take half of its direct memory, since sockets need some,
  /// too.
  public static Bounds usual() {
    return new Bounds(
        USUAL_CONNECTIONS, Math.max(1, PlatformDependent.maxDirectMemory() / 2), USUAL_LAG);
  }

  public Bounds withConnections(int most) {
    return new Bounds(most, bodyBytes, lag);
  }

  public Bounds withBodyBytes(long most) {
    return new Bounds(connections, most, lag);
  }

  public Bounds withLag(Duration most) {
    return new Bounds(connections, bodyBytes, most);
  }
}
