package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.ProviderEntry.Timeouts;
import ai.oneflow.snapshot.RouteEntry.Retry;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which target of a request is called next, and when. One that was not called yet comes before one
/// that was, one whose provider has room before one where a turn must be waited for, and all that
/// before any pause. One that cannot be called at the moment is passed over and uses up none of the
/// policy's fallbacks, which are counted by what was called. A target is called anew after a pause
/// that is random up to a bound which doubles each time (full jitter; Brooker, Exponential Backoff
/// and Jitter, AWS Architecture Blog 2015), and not before the provider wants to be asked again;
/// never where it refuses the last credential, or where the policy's retries are used up. A
/// credential that is refused, or whose own limit is used up, is replaced by another of the pool at
/// once, and that is no further attempt. Not thread-safe.
public final class RetryPlan {
  /// When to come again where nobody can tell.
  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private final List<CompiledTarget> targets;
  private final Retry retry;
  private final Routing.Chosen chosen;
  private final boolean stream;
  private final RandomGenerator random;
  private final long deadlineNanos;
  private int calls;
  private int pauses;

  /// The place of the target whose credential is to be replaced, and how often that was done in a
  /// row; -1 where none is.
  private int replacedAt = -1;

  private int replaced;
  private int replacements;

  /// What the target of the last call was called with.
  private int credential;

  /// The first target that was not looked at yet.
  private int untried;

  /// Bits of the targets that may not be called again, and of those that were called in vain.
  private long barred;

  private long faulted;

  /// Bits of the targets of which a fault has counted.
  private long counted;

  /// Bits of the targets whose providers had no room when they were looked at, and of those whose
  /// turn is not waited for any more.
  private long full;

  private long unawaited;
  private int pausedFor;

  /// What comes next.
  public sealed interface Next {

    /// To the target in this place.
    sealed interface To extends Next {
      int place();
    }

    /// A call; the permit is to be given back, and the room at the provider.
    ///
    /// @param credential its place in the target's pool
    record Call(int place, Permit permit, int credential) implements To {}

    /// Its provider has no room: a turn is waited for, then [#reached] says how it goes on. Nothing
    /// is to be given back.
    record Wait(int place) implements To {}

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
    this.stream = stream;
    this.deadlineNanos = nowNanos + retry.attempts() * longest(targets, stream);
  }

  /// A request is given as long as its attempts may take one after the other; pauses come out of
  /// that.
  private static long longest(List<CompiledTarget> targets, boolean stream) {
    long longest = 0;
    for (CompiledTarget target : targets) {
      Timeouts timeouts = target.provider().entry().timeouts();
      longest = Math.max(longest, patience(timeouts, stream));
    }
    return longest;
  }

  private static long patience(Timeouts timeouts, boolean stream) {
    return (stream ? timeouts.firstToken() : timeouts.total()).toNanos();
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
    Next replacement = replacement(nowNanos);
    if (replacement instanceof Next.Call) {
      return replacement;
    }
    if (calls - replacements >= retry.attempts()) {
      return STOP;
    }
    while (untried < targets.size() && mayCallAnother()) {
      Next call = call(untried++, nowNanos);
      if (call instanceof Next.Call) {
        return call;
      }
    }
    Next without = withoutPause(nowNanos);
    return without instanceof Next.Stop && faulted != 0 ? pause(nowNanos) : without;
  }

  /// Whether a target that was not called yet may be.
  private boolean mayCallAnother() {
    return Long.bitCount(faulted) <= chosen.route().selection().fallbacks();
  }

  private boolean mayCall(int place) {
    return !isIn(barred, place) && (isIn(faulted, place) || mayCallAnother());
  }

  /// With another credential: no more often than there are others.
  private Next replacement(long nowNanos) {
    int place = replacedAt;
    if (place < 0 || replaced >= pool(place).size() - 1) {
      return STOP;
    }
    Next call = call(place, nowNanos);
    if (call instanceof Next.Call) {
      replaced++;
      replacements++;
    }
    return call;
  }

  /// Of the targets that have not failed and had no room the first that has some by now; otherwise
  /// the best of them in its turn.
  private Next withoutPause(long nowNanos) {
    if (!mayCallAnother()) {
      return STOP;
    }
    for (long left = full & ~faulted; left != 0; left &= left - 1) {
      Next call = call(Long.numberOfTrailingZeros(left), nowNanos);
      if (call instanceof Next.Call) {
        return call;
      }
    }
    return await(full & ~faulted);
  }

  private Next await(long places) {
    long awaited = places & ~unawaited;
    return awaited == 0 ? STOP : new Next.Wait(Long.numberOfTrailingZeros(awaited));
  }

  private Next call(int place, long nowNanos) {
    full &= ~bit(place);
    if (!mayCall(place)) {
      return STOP;
    }
    Permit permit = permit(place, nowNanos);
    if (permit == null) {
      return STOP;
    }
    if (!bulkhead(place).tryEnter()) {
      health(place).abandoned(permit);
      full |= bit(place);
      return STOP;
    }
    return entered(place, permit, nowNanos);
  }

  private @Nullable Permit permit(int place, long nowNanos) {
    return pool(place).closedNanos(nowNanos) > 0 ? null : health(place).tryCall(nowNanos);
  }

  /// There is room at the provider, and the last to be had is a credential: another request may
  /// have been faster.
  private Next entered(int place, Permit permit, long nowNanos) {
    int taken = pool(place).take(nowNanos);
    if (taken < 0) {
      health(place).abandoned(permit);
      bulkhead(place).leave();
      return STOP;
    }
    if (place != replacedAt) {
      replacedAt = -1;
      replaced = 0;
    }
    credential = taken;
    calls++;
    return new Next.Call(place, permit, taken);
  }

  private Next pause(long nowNanos) {
    int soonest = -1;
    long wait = Long.MAX_VALUE;
    for (int place = 0; place < targets.size(); place++) {
      long needed = mayCall(place) ? target(place).merits().closedNanos(nowNanos) : Long.MAX_VALUE;
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

  private long jitter() {
    long base = retry.baseDelay().toNanos();
    long doubled = base << Math.min(pauses, Long.numberOfLeadingZeros(base | 1) - 1);
    long bound = Math.min(doubled, retry.maxDelay().toNanos());
    return bound <= 0 ? 0 : random.nextLong(bound);
  }

  /// The pause is over.
  public Next afterPause(long nowNanos) {
    full = 0;
    Next call = call(pausedFor, nowNanos);
    for (int place = 0; call instanceof Next.Stop && place < targets.size(); place++) {
      call = call(place, nowNanos);
    }
    return call instanceof Next.Stop ? await(full) : call;
  }

  /// How long a turn at the provider of the target in this place may be waited for: no longer than
  /// for a connection to it, or for its answer, and not beyond the request's own time.
  public long patienceNanos(int place, long nowNanos) {
    Timeouts timeouts = target(place).provider().entry().timeouts();
    long most = Math.min(timeouts.connect().toNanos(), patience(timeouts, stream));
    return Math.clamp(deadlineNanos - nowNanos, 0, most);
  }

  /// The turn has come, and with it the room at the provider; meanwhile the target may be one that
  /// is to be left alone.
  public Next reached(int place, long nowNanos) {
    full &= ~bit(place);
    Permit permit = permit(place, nowNanos);
    if (permit == null) {
      bulkhead(place).leave();
      return next(nowNanos);
    }
    Next call = entered(place, permit, nowNanos);
    return call instanceof Next.Call ? call : next(nowNanos);
  }

  /// No more can wait for the provider of the target in this place.
  public void crowded(int place) {
    unawaited |= bit(place);
  }

  /// The turn did not come in time. No other one is waited for.
  public void outwaited() {
    unawaited = -1;
  }

  /// Whether a queue was full, or too slow.
  public boolean isOverloaded() {
    return unawaited != 0;
  }

  /// The target was not called after all, since the caller's limits do not allow for it.
  public void skipped(Next.To to) {
    giveBack(to);
    full &= ~bit(to.place());
    barred |= bit(to.place());
  }

  /// The call is not made.
  public void giveBack(Next.To to) {
    if (to instanceof Next.Call(int place, Permit permit, _)) {
      calls--;
      health(place).abandoned(permit);
      bulkhead(place).leave();
    }
  }

  /// What the caller is told where there is nothing left to try, and nothing has failed.
  public GatewayError refusal(String model) {
    String none = "No target of the model " + model;
    return isOverloaded()
        ? GatewayError.retryAfter(
            ErrorCode.PROVIDER_OVERLOADED,
            SHORTLY,
            none
                + " can take a request at this moment: as many as may be are under way, and the"
                + " queue is full or too slow.")
        : GatewayError.retryAfter(
            ErrorCode.PROVIDER_UNAVAILABLE,
            SHORTLY,
            none + " may be called at this moment: one that has failed is being probed.");
  }

  /// Whether a fault of the target has counted against it in this request. That of a credential
  /// alone does not.
  public boolean hasCounted(int place) {
    return isIn(counted, place);
  }

  /// A fault of the target counts against it.
  public void counted(int place) {
    counted |= bit(place);
  }

  /// The provider of the target that was called last is at fault, and its health and its pool know
  /// of it.
  public void failed(int place, GatewayError error) {
    faulted |= bit(place);
    boolean refused = error.code() == ErrorCode.PROVIDER_AUTHENTICATION_FAILED;
    if (refused && !pool(place).isRefused(credential)) {
      barred |= bit(place);
    }
    replacedAt = refused || error.code() == ErrorCode.PROVIDER_RATE_LIMITED ? place : -1;
  }

  private CredentialPool pool(int place) {
    return target(place).merits().pool();
  }

  private Bulkhead bulkhead(int place) {
    return target(place).provider().bulkhead();
  }

  private TargetHealth health(int place) {
    return targets.get(place).merits().health();
  }

  private static long bit(int place) {
    return 1L << place;
  }

  private static boolean isIn(long bits, int place) {
    return (bits & bit(place)) != 0;
  }
}
