package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private static final Duration OPEN_FOR = Duration.ofSeconds(60);

  private final AtomicLong nanos = new AtomicLong(17);
  private final Breaker breaker = new Breaker(new Breaker.Settings(5, OPEN_FOR, 1), nanos::get);

  /// Each state with each event. What a permit of before the opening says counts for nothing.
  @ParameterizedTest
  @CsvSource({
    "CLOSED, asked, CLOSED, PLAIN",
    "CLOSED, succeeded, CLOSED, ''",
    "CLOSED, failed, CLOSED, ''",
    "CLOSED, failed five times, OPEN, ''",
    "CLOSED, abandoned, CLOSED, ''",
    "CLOSED, time passes, CLOSED, ''",
    "OPEN, asked, OPEN, NONE",
    "OPEN, succeeded, OPEN, ''",
    "OPEN, failed, OPEN, ''",
    "OPEN, abandoned, OPEN, ''",
    "OPEN, time passes, HALF_OPEN, ''",
    "ELAPSED, asked, HALF_OPEN, PROBE",
    "ELAPSED, succeeded, HALF_OPEN, ''",
    "ELAPSED, failed, HALF_OPEN, ''",
    "ELAPSED, abandoned, HALF_OPEN, ''",
    "HALF_OPEN, asked, HALF_OPEN, NONE",
    "HALF_OPEN, succeeded, HALF_OPEN, ''",
    "HALF_OPEN, failed, HALF_OPEN, ''",
    "HALF_OPEN, abandoned, HALF_OPEN, ''",
    "HALF_OPEN, probe succeeded, CLOSED, ''",
    "HALF_OPEN, probe failed, OPEN, ''",
    "HALF_OPEN, probe abandoned, HALF_OPEN, ''",
    "HALF_OPEN, time passes, HALF_OPEN, ''",
  })
  void goesFromStateToState(String from, String event, BreakerState to, String permit) {
    bring(from);

    String given = happens(event);

    assertThat(breaker.state()).isEqualTo(to);
    assertThat(given).isEqualTo(permit);
  }

  private void bring(String state) {
    if (!state.equals("CLOSED")) {
      happens("failed five times");
    }
    if (state.equals("ELAPSED") || state.equals("HALF_OPEN")) {
      happens("time passes");
    }
    if (state.equals("HALF_OPEN")) {
      assertThat(breaker.tryAcquire()).isEqualTo(Permit.PROBE);
    }
  }

  private String happens(String event) {
    switch (event) {
      case "asked" -> {
        Permit permit = breaker.tryAcquire();
        return permit == null ? "NONE" : BreakerModel.name(permit);
      }
      case "succeeded" -> breaker.succeeded(Permit.PLAIN);
      case "failed" -> breaker.failed(Permit.PLAIN);
      case "failed five times" -> fail(5);
      case "abandoned" -> breaker.abandoned(Permit.PLAIN);
      case "probe succeeded" -> breaker.succeeded(Permit.PROBE);
      case "probe failed" -> breaker.failed(Permit.PROBE);
      case "probe abandoned" -> breaker.abandoned(Permit.PROBE);
      case "time passes" -> nanos.addAndGet(OPEN_FOR.toNanos());
      default -> throw new IllegalArgumentException(event);
    }
    return "";
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(Objects.requireNonNull(breaker.tryAcquire()));
    }
  }

  @Test
  void whatBeganBeforeItOpenedCountsNoMoreWhenItHasClosedAgain() {
    List<Permit> before = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      before.add(Objects.requireNonNull(breaker.tryAcquire()));
    }
    bring("HALF_OPEN");
    breaker.succeeded(Permit.PROBE);

    before.subList(0, 9).forEach(breaker::failed);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

    fail(4);
    breaker.succeeded(before.getLast());
    fail(1);
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void faultsCountInARow() {
    for (int i = 0; i < 20; i++) {
      fail(4);
      breaker.succeeded(Permit.PLAIN);
    }
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);

    fail(5);

    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void saysHowLongItStaysOpen() {
    assertThat(breaker.openNanos()).isZero();
    fail(5);
    assertThat(breaker.openNanos()).isEqualTo(OPEN_FOR.toNanos());

    nanos.addAndGet(OPEN_FOR.toNanos() - 1);
    assertThat(breaker.openNanos()).isEqualTo(1);
    assertThat(breaker.tryAcquire()).isNull();

    nanos.addAndGet(1);
    assertThat(breaker.openNanos()).isZero();
    assertThat(breaker.tryAcquire()).isEqualTo(Permit.PROBE);
  }

  @Test
  void anAbandonedProbeGivesItsPlaceToTheNext() {
    bring("HALF_OPEN");

    breaker.abandoned(Permit.PROBE);

    assertThat(breaker.tryAcquire()).isEqualTo(Permit.PROBE);
    assertThat(breaker.tryAcquire()).isNull();
  }

  @Test
  void aFailedProbeOpensItForAsLongAgain() {
    bring("HALF_OPEN");

    breaker.failed(Permit.PROBE);

    assertThat(breaker.openNanos()).isEqualTo(OPEN_FOR.toNanos());
  }

  @Test
  void ofAThousandAtOnceOneIsTheProbe() throws Exception {
    for (int round = 0; round < 20; round++) {
      bring("ELAPSED");
      assertThat(permitsOf(1000)).containsExactly(Permit.PROBE);
      breaker.succeeded(Permit.PROBE);
    }
  }

  /// Those that so many threads get that ask in one moment.
  private List<Permit> permitsOf(int callers) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Optional<Permit>>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        asked.add(
            threads.submit(
                () -> {
                  start.await();
                  return Optional.ofNullable(breaker.tryAcquire());
                }));
      }
      start.countDown();
    }
    List<Permit> permits = new ArrayList<>();
    for (Future<Optional<Permit>> each : asked) {
      each.get().ifPresent(permits::add);
    }
    return permits;
  }
}
