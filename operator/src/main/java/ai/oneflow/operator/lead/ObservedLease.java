package ai.oneflow.operator.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A Lease that is as old as it has been seen unchanged here, whatever time stands in it: that is
/// of the clock of whoever renewed it, which may be wrong by minutes. Compared with a clock of
/// one's own, a Lease in force could be taken for one that has lapsed, or the other way round
/// ([client-go](https://pkg.go.dev/k8s.io/client-go/tools/leaderelection) does the same).
final class ObservedLease implements Lock {
  /// What a leader that goes writes; its name stays, since the client's patch leaves out what is
  /// null.
  private static final Duration RELEASED = Duration.ofSeconds(1);

  private final Lock lease;
  private final LongSupplier nanos;
  private @Nullable LeaderElectionRecord seen;
  private long sinceNanos;

  /// @param nanos a clock that only runs, as [System#nanoTime]
  ObservedLease(Lock lease, LongSupplier nanos) {
    this.lease = lease;
    this.nanos = nanos;
  }

  @Override
  public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
    LeaderElectionRecord found = lease.get(client);
    if (found == null) {
      return null;
    }
    if (found.getLeaseDuration().compareTo(RELEASED) <= 0) {
      return found.toBuilder().holderIdentity("").build();
    }
    if (!found.equals(seen)) {
      seen = found;
      sinceNanos = nanos.getAsLong();
    }
    Duration unchanged = Duration.ofNanos(nanos.getAsLong() - sinceNanos);
    return found.toBuilder().renewTime(ZonedDateTime.now(ZoneOffset.UTC).minus(unchanged)).build();
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord first) {
    lease.create(client, first);
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord next) {
    lease.update(client, next);
  }

  @Override
  public String identity() {
    return lease.identity();
  }

  @Override
  public String describe() {
    return lease.describe();
  }
}
