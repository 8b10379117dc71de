package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.push.FleetListener;
import ai.oneflow.operator.push.Rejection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Gathers reasons to run the configuration loop until it has time for all of them at once. Safe
/// for use by several threads; nothing waits but the loop.
final class Trigger implements FleetListener {
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signalled = lock.newCondition();
  private List<Refusing> refusals = new ArrayList<>();
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

  @Override
  public void changed(GatewayId gateway) {
    lock.lock();
    try {
      fleet = true;
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refused(GatewayId gateway, String instance, Rejection rejection) {
    lock.lock();
    try {
      refusals.add(new Refusing(gateway, instance, rejection));
      signalled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a reason and takes all that there are.
  Reasons await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (resourcesSince.isEmpty() && !fleet && refusals.isEmpty()) {
        signalled.await();
      }
      Reasons reasons = new Reasons(resourcesSince, List.copyOf(refusals));
      resourcesSince = Optional.empty();
      refusals = new ArrayList<>();
      fleet = false;
      return reasons;
    } finally {
      lock.unlock();
    }
  }

  /// Why the loop runs: for resources that changed, for refusals, or else because gateways came,
  /// went or acknowledged.
  ///
  /// @param resourcesSince when the first of the changes arrived
  record Reasons(Optional<Instant> resourcesSince, List<Refusing> refusals) {
    boolean needBuild() {
      return resourcesSince.isPresent() || !refusals.isEmpty();
    }
  }

  /// A pod refuses a snapshot.
  record Refusing(GatewayId gateway, String instance, Rejection rejection) {}
}
