package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.ProviderEntry.Timeouts;
import ai.oneflow.snapshot.RouteEntry.Retry;
import java.util.List;
import java.util.random.RandomGenerator;

/// Which target of a request is called next, and when. One that was not called yet comes before one
/// that was, and that before any pause. A target is called anew after a pause that is random up to
/// a bound which doubles each time (full jitter; Brooker, Exponential Backoff and Jitter, AWS
/// Architecture Blog 2015), and not before the provider wants to be asked again; never where it
/// refuses the credential, or where the policy's retries are used up. Not thread-safe.
public final class RetryPlan {

  private final List<CompiledTarget> targets;
  private final Retry retry;
  private final Routing.Chosen chosen;
  private final RandomGenerator random;
  private final long deadlineNanos;
  private int calls;
  private int pauses;

  /// The first target that was not looked at yet.
  private int untried;

  /// Bits of the targets that may not be called again, and of those that have failed.
  private int barred;

  private int faulted;
  private int pausedFor;

  /// What comes next.
  public sealed interface Next {

    /// A call of the target in this place; the permit is to be given back.
    record Call(int place, Permit permit) implements Next {}

    /// Nothing for so long; then ask anew by [#afterPause].
    record Pause(long nanos) implements Next {}

    /// There is nothing left to try.
    record Stop() implements Next {}
  }

  private static final Next STOP = new Next.Stop();

  /// @param stream whether the caller wants one, which decides how long a call may take
  /// @param random of which pauses are drawn
  public RetryPlan(Routing.Chosen chosen, boolean stream, long nowNanos, RandomGenerator random) {
    this.chosen = chosen;
    this.targets = chosen.targets();
    this.retry = chosen.route().retry();
    this.random = random;
    this.deadlineNanos = nowNanos + retry.attempts() * longest(targets, stream);
  }

  /// A request is given as long as its attempts may take one after the other; pauses come out of
  /// that.
  private static long longest(List<CompiledTarget> targets, boolean stream) {
    long longest = 0;
    for (CompiledTarget target : targets) {
      Timeouts timeouts = target.provider().entry().timeouts();
      longest = Math.max(longest, (stream ? timeouts.firstToken() : timeouts.total()).toNanos());
    }
    return longest;
  }

  public CompiledTarget target(int place) {
    return targets.get(place);
  }

  /// How often providers have been called.
  public int calls() {
    return calls;
  }

  /// What to do at first, and after a fault or a skip.
  public Next next(long nowNanos) {
    if (calls >= retry.attempts()) {
      return STOP;
    }
    while (untried < targets.size()) {
      Next call = call(untried++, nowNanos);
      if (call instanceof Next.Call) {
        return call;
      }
    }
    return faulted == 0 ? STOP : pause(nowNanos);
  }

  private Next call(int place, long nowNanos) {
    if (isIn(barred, place)) {
      return STOP;
    }
    Permit permit = health(place).tryCall(nowNanos);
    if (permit == null) {
      return STOP;
    }
    calls++;
    return new Next.Call(place, permit);
  }

  private Next pause(long nowNanos) {
    int soonest = -1;
    long wait = Long.MAX_VALUE;
    for (int place = 0; place < targets.size(); place++) {
      long needed = isIn(barred, place) ? Long.MAX_VALUE : closedNanos(place, nowNanos);
      if (needed < wait) {
        wait = needed;
        soonest = place;
      }
    }
    if (soonest < 0 || wait > retry.maxDelay().toNanos()) {
      return STOP;
    }
    long pause = Math.max(wait, jitter());
    if (nowNanos + pause - deadlineNanos >= 0 || !chosen.route().retries().tryRetry()) {
      return STOP;
    }
    pauses++;
    pausedFor = soonest;
    return new Next.Pause(pause);
  }

  /// How long the target is certain to be left alone.
  private long closedNanos(int place, long nowNanos) {
    TargetHealth health = health(place);
    return Math.max(health.pausedNanos(nowNanos), health.openNanos());
  }

  private long jitter() {
    long base = retry.baseDelay().toNanos();
    long doubled = base << Math.min(pauses, Long.numberOfLeadingZeros(base | 1) - 1);
    long bound = Math.min(doubled, retry.maxDelay().toNanos());
    return bound <= 0 ? 0 : random.nextLong(bound);
  }

  /// The pause is over.
  public Next afterPause(long nowNanos) {
    Next call = call(pausedFor, nowNanos);
    for (int place = 0; call instanceof Next.Stop && place < targets.size(); place++) {
      call = call(place, nowNanos);
    }
    return call;
  }

  /// The target was not called after all, since the caller's limits do not allow for it.
  public void skipped(int place) {
    calls--;
    barred |= 1 << place;
  }

  /// The target's provider is at fault.
  ///
  /// @return whether it is the first time in this request: a request counts once against a target
  public boolean failed(int place, GatewayError error) {
    boolean first = !isIn(faulted, place);
    faulted |= 1 << place;
    if (error.code() == ErrorCode.PROVIDER_AUTHENTICATION_FAILED) {
      barred |= 1 << place;
    }
    return first;
  }

  private TargetHealth health(int place) {
    return targets.get(place).merits().health();
  }

  private static boolean isIn(int bits, int place) {
    return (bits >> place & 1) != 0;
  }
}
