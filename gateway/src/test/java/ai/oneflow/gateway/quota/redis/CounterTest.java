package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Unit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CounterTest {
  private static final Limit BUDGET =
      Limit.hard("any", "key a/b", Unit.CREDITS, new Span.Whole(), 1_000);

  @Test
  void tellsWhatComesBeforeWhatGoesWhereItDoesNotFitOneChange() {
    Counter counter = new Counter(BUDGET, Starts.FIRST, 0);
    counter.change(0, Long.MAX_VALUE, Long.MAX_VALUE);
    counter.change(0, Long.MAX_VALUE, Long.MAX_VALUE);
    counter.change(0, -Long.MAX_VALUE, 1 - Long.MAX_VALUE);
    counter.change(0, -Long.MAX_VALUE, 2 - Long.MAX_VALUE);

    List<Change> told = new ArrayList<>();
    counter.drainTo(told::add);

    assertThat(told).extracting(Change::held).containsExactly(Long.MAX_VALUE, -Long.MAX_VALUE);
    assertThat(told)
        .extracting(Change::used)
        .containsExactly(Long.MAX_VALUE, 1 + 2 - Long.MAX_VALUE);
  }
}
