package ai.oneflow.gateway.quota.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.QuotasContract;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.WhenAway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryQuotasTest extends QuotasContract {
  private Instant now = noon();
  private final MemoryQuotas quotas = new MemoryQuotas(() -> now, crossings::add);

  @Override
  protected Quotas quotas() {
    return quotas;
  }

  @Override
  protected void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  protected void count(Limit limit, long used) {
    quotas.count(limit, now.toEpochMilli(), used);
  }

  @Override
  protected void settleDown() {}

  @Test
  void countsWhatWasUsedEarlierWhereItStillCounts() {
    Limit minute = Limit.hard("earlier", "key a/b", Unit.TOKENS, new Span.Sliding(60_000), 1_000);

    quotas.count(minute, now.minusSeconds(30).toEpochMilli(), 400);
    quotas.count(minute, now.minusSeconds(90).toEpochMilli(), 500);

    assertThat(left(minute)).isEqualTo(600);
    pass(Duration.ofSeconds(32));
    assertThat(left(minute)).isEqualTo(1_000);
  }

  @Test
  void takesTimeThatStepsBackAsTimeThatStands() {
    Limit minute = Limit.hard("back", "key a/b", Unit.TOKENS, new Span.Sliding(60_000), 1_000);
    quotas.take(new Ask(List.of(minute), 100, 0), Runnable::run, _ -> {});
    now = now.minusSeconds(3_600);

    quotas.take(new Ask(List.of(minute), 100, 0), Runnable::run, _ -> {});

    assertThat(left(minute)).isEqualTo(800);
  }

  @Test
  void beginsABudgetAnewWithWhatIsHeldAndRefusesUntilItsPastIsKnown() {
    Limit budget = Limit.hard("key|a/b|total", "key a/b", Unit.TOKENS, new Span.Whole(), 1_000);
    Limit other = Limit.hard("key|a/c|total", "key a/c", Unit.TOKENS, new Span.Whole(), 1_000);
    quotas.count(budget, now.toEpochMilli(), 600);
    quotas.count(other, now.toEpochMilli(), 600);
    Hold held = ((Taking.Taken) take(budget, 100)).hold();

    quotas.beginAnew(budget.counter()::equals);

    assertThat(take(budget, 1)).isInstanceOf(Taking.Unreachable.class);
    assertThat(take(other, 1)).isInstanceOf(Taking.Taken.class);
    quotas.settle(held, new Spent(1, 70, 0));
    quotas.count(budget, now.toEpochMilli(), 800);
    quotas.complete();
    assertThat(left(budget)).isEqualTo(130);
    assertThat(left(other)).isEqualTo(399);
  }

  @Test
  void letsPassWhatMayBeUnknownAndCountsIt() {
    Limit lenient =
        new Limit(
            "policy|a/b|total",
            "everything",
            Unit.TOKENS,
            new Span.Whole(),
            1_000,
            Binding.HARD,
            WhenAway.ALLOW,
            "",
            List.of());
    quotas.beginAnew(lenient.counter()::equals);

    assertThat(take(lenient, 400)).isInstanceOf(Taking.Taken.class);

    quotas.complete();
    assertThat(left(lenient)).isEqualTo(600);
  }

  @Test
  void tellsOnceOfABudgetThatIsTakenAwayAndComesBack() {
    Limit budget =
        new Limit(
            "key|a/b|total",
            "key a/b",
            Unit.TOKENS,
            new Span.Whole(),
            1_000,
            Binding.COUNT,
            WhenAway.LOCAL_SHARE,
            "",
            List.of(80, 95));
    for (long used : new long[] {850, 960}) {
      quotas.beginAnew(budget.counter()::equals);
      quotas.count(budget, now.toEpochMilli(), 400);
      quotas.count(budget, now.toEpochMilli(), used - 400);
      quotas.complete();
    }

    assertThat(crossings).extracting(Crossing::percent).containsExactly(80, 95);
    assertThat(crossings).extracting(Crossing::used).containsExactly(850L, 960L);
  }

  private Taking take(Limit limit, long tokens) {
    List<Taking> takings = new ArrayList<>();
    quotas.take(new Ask(List.of(limit), tokens, 0), Runnable::run, takings::add);
    return takings.getFirst();
  }

  private long left(Limit limit) {
    List<Standing> standings = new ArrayList<>();
    quotas.look(List.of(limit), Runnable::run, standings::addAll);
    return standings.getFirst().left();
  }
}
