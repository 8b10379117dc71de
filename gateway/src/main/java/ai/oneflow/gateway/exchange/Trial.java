package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.attempt.RetryPlan;
import ai.oneflow.gateway.exchange.attempt.RetryPlan.Next;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Outcome;
import java.time.Duration;

/// What one call says of the health of its target: told once, and the permit and the place at its
/// provider given back with it. Of a request one fault counts against a target, or its own retries
/// would open the breaker; a probe's always does.
final class Trial {
  private final RetryPlan plan;
  private final int place;
  private final TargetHealth health;
  private final Bulkhead bulkhead;
  private final CredentialPool pool;
  private final Duration refusedFor;
  private final int credential;
  private final Permit permit;
  private final boolean stream;
  private final long beginNanos = System.nanoTime();
  private boolean answered;

  Trial(RetryPlan plan, Next.Call call, boolean stream) {
    CompiledTarget target = plan.target(call.place());
    this.plan = plan;
    this.place = call.place();
    this.health = target.merits().health();
    this.bulkhead = target.provider().bulkhead();
    this.pool = target.merits().pool();
    this.refusedFor = target.provider().entry().breaker().openFor();
    this.credential = call.credential();
    this.permit = call.permit();
    this.stream = stream;
  }

  /// The caller can have the first content of a stream.
  void begun(long nowNanos) {
    if (stream && !answered) {
      answered = true;
      pool.proven(credential);
      health.answered(true, nowNanos - beginNanos, nowNanos);
    }
  }

  /// There was an answer. A refusal is one too, but of the caller's fault: it says nothing of the
  /// provider.
  void ended(Outcome outcome) {
    long now = System.nanoTime();
    switch (outcome) {
      case COMPLETED, LIMIT_REACHED -> {
        pool.proven(credential);
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
      case PROVIDER_FAILED -> fault(now);
      case PROVIDER_REFUSED -> {
        pool.accepted(credential);
        health.abandoned(permit);
      }
      case GATEWAY_FAILED -> health.abandoned(permit);
    }
    bulkhead.leave();
  }

  /// There is no answer. A provider that has enough of us for now is left alone for as long as it
  /// wants, and not called broken; where it speaks of one credential of several, that one alone is.
  void failed(GatewayError error) {
    long now = System.nanoTime();
    if (speaksOfCredential(error, now)) {
      health.abandoned(permit);
    } else {
      fault(now);
    }
    bulkhead.leave();
  }

  private void fault(long nowNanos) {
    if (!permit.isProbe() && plan.hasCounted(place)) {
      health.abandoned(permit);
    } else {
      plan.counted(place);
      health.failed(permit, nowNanos);
    }
  }

  /// Whether the fault is that of a credential alone; it is left alone then. The last one of a pool
  /// is the account, and its refusal the target's fault.
  private boolean speaksOfCredential(GatewayError error, long nowNanos) {
    return switch (error.code()) {
      case PROVIDER_RATE_LIMITED -> {
        error.retryAfter().ifPresent(pause -> pool.pause(credential, pause, nowNanos));
        yield true;
      }
      case PROVIDER_AUTHENTICATION_FAILED -> pool.refused(credential, refusedFor, nowNanos);
      default -> {
        error.retryAfter().ifPresent(pause -> health.pause(pause, nowNanos));
        yield false;
      }
    };
  }
}
