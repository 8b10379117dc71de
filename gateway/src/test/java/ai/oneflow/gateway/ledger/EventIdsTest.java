package ai.oneflow.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  private static final long NOW = 1_767_225_600_123L;
  private final EventIds ids = new EventIds(new SplittableRandom(7));

  @Test
  void areUuidsOfVersion7WithTheTimeInFront() {
    EventId id = ids.next(NOW);

    UUID uuid = id.toUuid();
    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(id.startMillis()).isEqualTo(NOW);
    assertThat(id).hasToString(uuid.toString());
    assertThat(ByteBuffer.wrap(id.toBytes()).getLong()).isEqualTo(id.high());
  }

  @Test
  void ascendWithinAMillisecond() {
    List<EventId> made = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      made.add(ids.next(NOW));
    }

    assertThat(made).isSortedAccordingTo((a, b) -> Long.compareUnsigned(a.high(), b.high()));
    assertThat(made.stream().map(EventId::high)).doesNotHaveDuplicates();
  }

  @Test
  void differBeyondTheCounter() {
    List<EventId> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next(NOW));
    }

    assertThat(made).doesNotHaveDuplicates();
    assertThat(made.stream().map(EventId::startMillis)).containsOnly(NOW);
    assertThat(made.stream().map(EventId::toUuid).map(UUID::version)).containsOnly(7);
  }

  /// Its event's end is reckoned from there.
  @Test
  void haveTheTimeOfARequestThatWaitedLongerThanOthers() {
    EventId before = ids.next(NOW);
    EventId waited = ids.next(NOW - 3_600_000);
    EventId after = ids.next(NOW);

    assertThat(waited.startMillis()).isEqualTo(NOW - 3_600_000);
    assertThat(waited.toUuid().version()).isEqualTo(7);
    assertThat(after.high()).isGreaterThan(before.high());
  }

  @Test
  void ofTwoThreadsDiffer() {
    SplittableRandom seeds = new SplittableRandom(7);
    EventIds one = new EventIds(seeds.split());
    EventIds other = new EventIds(seeds.split());

    Set<EventId> made = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      made.add(one.next(NOW));
      made.add(other.next(NOW));
    }
    assertThat(made).hasSize(100_000);
  }
}
