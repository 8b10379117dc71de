package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.ProviderEntry.Timeouts;

/// How long a provider may still take, by [System#nanoTime()]. An answer as a whole has one bound;
/// a stream has one until its caller has something of it, which comments and events without content
/// do not put off, and one for every gap after that. Not thread-safe.
public final class Deadline {
  private final Timeouts timeouts;
  private final boolean stream;
  private long atNanos;
  private boolean begun;

  public Deadline(Timeouts timeouts, boolean stream, long nowNanos) {
    this.timeouts = timeouts;
    this.stream = stream;
    atNanos = nowNanos + (stream ? timeouts.firstToken() : timeouts.total()).toNanos();
  }

  /// Something has arrived of an answer of which the caller has some.
  public void progress(long nowNanos) {
    begun = true;
    if (stream) {
      atNanos = nowNanos + timeouts.idle().toNanos();
    }
  }

  public boolean passed(long nowNanos) {
    return nowNanos - atNanos >= 0;
  }

  /// What the caller is told once it has passed.
  public GatewayError error() {
    String message =
        !stream
            ? "The provider did not answer within " + timeouts.total().toMillis() + " ms."
            : begun
                ? "The provider's stream paused for " + timeouts.idle().toMillis() + " ms."
                : "The provider's stream did not begin within "
                    + timeouts.firstToken().toMillis()
                    + " ms.";
    return GatewayError.of(ErrorCode.PROVIDER_TIMEOUT, message);
  }
}
