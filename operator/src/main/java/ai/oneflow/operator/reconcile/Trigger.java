package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.snapshot.Warning;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Gathers reasons to run the configuration loop until it has time for all of them at once. Safe
/// for use by several threads; nothing waits but the loop.
final class Trigger {
  /// The loop takes them within moments; a gateway that floods it is not heard out.
  private static final int MOST_WARNINGS = 10_000;

  private static final long FOR_EVER = Long.MAX_VALUE;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signalled = lock.newCondition();
  private List<Refusing> refusals = new ArrayList<>();
  private List<Warned> warnings = new ArrayList<>();
  private Optional<Instant> resourcesSince = Optional.empty();
  private boolean fleet;

  Trigger(Clock clock) {
    this.clock = clock;
  }

  /// A resource, or something that one refers to, changed.
  void resourcesChanged() {
    lock.lock();
    try {
      resourcesSince = Optional.of(resourcesSince.orElseGet(clock::instant));
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Gateways came, went, acknowledged or spent.
  void fleetChanged() {
    lock.lock();
    try {
      fleet = true;
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void warned(Warned warned) {
    lock.lock();
    try {
      if (warnings.size() < MOST_WARNINGS) {
        warnings.add(warned);
      }
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void refused(Refusing refusing) {
    lock.lock();
    try {
      refusals.add(refusing);
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a reason and takes all that there are.
  ///
  /// @param until when it returns without one, where it must
  Reasons await(Optional<Instant> until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (resourcesSince.isEmpty() && !fleet && refusals.isEmpty() && warnings.isEmpty()) {
        long left = until.map(u -> clock.instant().until(u, ChronoUnit.NANOS)).orElse(FOR_EVER);
        if (left <= 0) {
          break;
        }
        signalled.await(left, TimeUnit.NANOSECONDS);
      }
      Reasons reasons = new Reasons(resourcesSince, List.copyOf(refusals), List.copyOf(warnings));
      resourcesSince = Optional.empty();
      refusals = new ArrayList<>();
      warnings = new ArrayList<>();
      fleet = false;
      return reasons;
    } finally {
      lock.unlock();
    }
  }

  /// Why the loop runs: for resources that changed, for refusals, for warnings, or else because
  /// gateways came, went, acknowledged or spent.
  ///
  /// @param resourcesSince when the first of the changes arrived
  record Reasons(Optional<Instant> resourcesSince, List<Refusing> refusals, List<Warned> warnings) {
    boolean needBuild() {
      return resourcesSince.isPresent() || !refusals.isEmpty();
    }
  }

  /// A gateway says that a budget was spent up to a mark.
  record Warned(GatewayId gateway, Warning warning) {}

  /// A pod refuses a snapshot.
  record Refusing(GatewayId gateway, String instance, Rejection rejection) {}
}
