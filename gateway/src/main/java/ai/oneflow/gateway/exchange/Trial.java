package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Outcome;

/// What one call says of the health of its target: told once, and the permit and the place at its
/// provider given back with it.
final class Trial {
  private final TargetHealth health;
  private final Bulkhead bulkhead;
  private final Permit permit;
  private final boolean stream;
  private final long beginNanos = System.nanoTime();
  private boolean answered;

  Trial(CompiledTarget target, Permit permit, boolean stream) {
    this.health = target.merits().health();
    this.bulkhead = target.provider().bulkhead();
    this.permit = permit;
    this.stream = stream;
  }

  /// The caller can have the first content of a stream.
  void begun(long nowNanos) {
    if (stream && !answered) {
      answered = true;
      health.answered(true, nowNanos - beginNanos, nowNanos);
    }
  }

  /// There was an answer. A refusal is one too, but of the caller's fault: it says nothing of the
  /// provider.
  void ended(Outcome outcome) {
    long now = System.nanoTime();
    switch (outcome) {
      case COMPLETED, LIMIT_REACHED -> {
        if (!stream) {
          health.answered(false, now - beginNanos, now);
        }
        health.succeeded(permit, now);
      }
      case CALLER_GONE -> {
        if (answered) {
          health.succeeded(permit, now);
        } else {
          health.abandoned(permit);
        }
      }
      case PROVIDER_FAILED -> health.failed(permit, now);
      case PROVIDER_REFUSED, GATEWAY_FAILED -> health.abandoned(permit);
    }
    bulkhead.leave();
  }

  /// There is no answer. A provider that has enough of us for now is left alone for as long as it
  /// wants, and not called broken.
  ///
  /// @param counts whether this is the first fault of the target in its request: a request's own
  ///     retries must not open a breaker
  void failed(GatewayError error, boolean counts) {
    long now = System.nanoTime();
    error.retryAfter().ifPresent(pause -> health.pause(pause, now));
    boolean counted = counts || permit == Permit.PROBE;
    if (error.code() != ErrorCode.PROVIDER_RATE_LIMITED && counted) {
      health.failed(permit, now);
    } else {
      health.abandoned(permit);
    }
    bulkhead.leave();
  }
}
