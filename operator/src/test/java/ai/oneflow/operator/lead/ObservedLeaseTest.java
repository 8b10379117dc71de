package ai.oneflow.operator.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.TemporalUnitOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObservedLeaseTest {
  private static final TemporalUnitOffset ABOUT = within(1, ChronoUnit.MINUTES);

  private final AtomicLong nanos = new AtomicLong();
  private final Written written = new Written();
  private final ObservedLease lease = new ObservedLease(written, nanos::get);

  @ParameterizedTest
  @ValueSource(ints = {-600, 0, 600})
  void isAsOldAsItWasSeenUnchanged(int aheadSeconds) {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    written.record = renewed(now.plusSeconds(aheadSeconds));

    assertThat(seen()).isCloseTo(now, ABOUT);
    pass(Duration.ofMinutes(20));
    assertThat(seen()).isCloseTo(now.minusMinutes(20), ABOUT);

    written.record = renewed(now.plusSeconds(aheadSeconds + 2));
    assertThat(seen()).isCloseTo(now, ABOUT);
  }

  /// As the client leaves it when its leader goes.
  @Test
  void isNobodysOnceItIsReleased() {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    written.record = new LeaderElectionRecord("other", Duration.ofSeconds(1), now, now, 0);

    assertThat(found().getHolderIdentity()).isEmpty();
  }

  private ZonedDateTime seen() {
    return found().getRenewTime();
  }

  private LeaderElectionRecord found() {
    try (KubernetesClient unused = new KubernetesClientBuilder().build()) {
      return Objects.requireNonNull(lease.get(unused));
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static LeaderElectionRecord renewed(ZonedDateTime at) {
    return new LeaderElectionRecord("other", Duration.ofSeconds(15), at, at, 0);
  }

  /// What somebody else wrote.
  private static final class Written implements Lock {
    private @Nullable LeaderElectionRecord record;

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
      return record;
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord first) {
      record = first;
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord next) {
      record = next;
    }

    @Override
    public String identity() {
      return "own";
    }

    @Override
    public String describe() {
      return "a lease";
    }
  }
}
