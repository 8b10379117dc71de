package ai.oneflow.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(-5);

  @Test
  void allowsAShareOfTheRequestsAndAFewBeyond() {
    RetryBudget budget = new RetryBudget(20, nanos::get);
    IntStream.range(0, 100).forEach(_ -> budget.request());

    assertThat(retries(budget, 1000)).isEqualTo(20 + 10);
  }

  @Test
  void aFewComeBackWithTime() {
    RetryBudget budget = new RetryBudget(20, nanos::get);
    assertThat(retries(budget, 1000)).isEqualTo(10);

    nanos.addAndGet(3 * SECOND);
    assertThat(retries(budget, 1000)).isEqualTo(3);

    nanos.addAndGet(3600 * SECOND);
    assertThat(retries(budget, 1000)).isEqualTo(10);
  }

  @Test
  void savesNoMoreThanAHundred() {
    RetryBudget budget = new RetryBudget(20, nanos::get);
    IntStream.range(0, 100_000).forEach(_ -> budget.request());

    assertThat(retries(budget, 1000)).isEqualTo(100 + 10);
  }

  @Test
  void zeroPercentIsNone() {
    RetryBudget budget = new RetryBudget(0, nanos::get);
    budget.request();

    assertThat(budget.tryRetry()).isFalse();
  }

  private static long retries(RetryBudget budget, int tries) {
    return IntStream.range(0, tries).filter(_ -> budget.tryRetry()).count();
  }
}
