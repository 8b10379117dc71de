package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.WhenAway;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AwayTest {
  private static final Span HOUR = new Span.Sliding(3_600_000);
  private static final Span FOR_EVER = new Span.Whole();
  private static final int GATEWAYS = 3;

  private final Instant now = Instant.parse("2026-03-10T12:00:00Z");
  private final Books books = new Books();
  private final Away away = new Away(books, new RedisTime(() -> now));

  @Test
  void doesWhatTheLimitSays() {
    Limit window = Limit.hard("window", "key a/b", Unit.REQUESTS, HOUR, 2);

    assertThat(decide(when(window, WhenAway.DENY))).isInstanceOf(Taking.Unreachable.class);
    for (int i = 0; i < 5; i++) {
      assertThat(decide(when(window, WhenAway.ALLOW))).isInstanceOf(Taking.Taken.class);
    }
  }

  @Test
  void dividesAWindowByTheGateways() {
    Limit window = Limit.hard("window", "key a/b", Unit.REQUESTS, HOUR, 7);

    assertThat(decide(window)).isInstanceOf(Taking.Taken.class);
    assertThat(decide(window)).isInstanceOf(Taking.Taken.class);
    Taking third = decide(window);

    assertThat(third).isInstanceOf(Taking.Refused.class);
    assertThat(((Taking.Refused) third).standing().limit()).isEqualTo(window);
  }

  @Test
  void givesBackWhatWasUnderWayHere() {
    Limit concurrent = Limit.hard("concurrent", "key a/b", Unit.CONCURRENT, FOR_EVER, 3);
    Taking.Taken taken = (Taking.Taken) decide(concurrent);
    assertThat(decide(concurrent)).isInstanceOf(Taking.Refused.class);

    Live was = books.settle(taken.hold(), new Spent(1, 0, 0), now.toEpochMilli());
    away.settle(was.alone().orElseThrow(), new Spent(1, 0, 0));

    assertThat(decide(concurrent)).isInstanceOf(Taking.Taken.class);
  }

  @Test
  void spendsOfABudgetOnlyWhatIsBooked() {
    Limit budget = Limit.hard("budget", "key a/b", Unit.CREDITS, FOR_EVER, 1_000);
    assertThat(decide(budget)).isInstanceOf(Taking.Unreachable.class);

    share(budget, 25);

    assertThat(decide(budget)).isInstanceOf(Taking.Taken.class);
    assertThat(decide(budget)).isInstanceOf(Taking.Taken.class);
    assertThat(decide(budget)).isInstanceOf(Taking.Unreachable.class);
  }

  @Test
  void leavesAShareAloneThatOthersMayHaveGivenBack() {
    Limit budget = Limit.hard("budget", "key a/b", Unit.CREDITS, FOR_EVER, 1_000);
    share(budget, 25);

    assertThat(away.decide(take(budget), false, GATEWAYS, now.toEpochMilli()))
        .isInstanceOf(Taking.Unreachable.class);
  }

  @Test
  void givesBackTheShareOfARequestThatIsRefusedByAnother() {
    Limit budget = Limit.hard("budget", "key a/b", Unit.CREDITS, FOR_EVER, 1_000);
    Limit denied = when(Limit.hard("window", "key a/b", Unit.REQUESTS, HOUR, 7), WhenAway.DENY);
    share(budget, 25);

    assertThat(decide(budget, denied)).isInstanceOf(Taking.Unreachable.class);

    assertThat(counter(budget).share().left()).isEqualTo(25);
  }

  @Test
  void refusesNothingByWhatDoesNotBind() {
    Limit denied = when(Limit.hard("window", "key a/b", Unit.REQUESTS, HOUR, 0), WhenAway.DENY);

    assertThat(decide(denied.bound(Binding.SHADOW), denied.bound(Binding.COUNT)))
        .isInstanceOf(Taking.Taken.class);
  }

  @Test
  void tellsLaterWhatWasUsedUncounted() {
    Limit window = when(Limit.hard("w", "key a/b", Unit.TOKENS, HOUR, 100), WhenAway.ALLOW);
    Taking.Taken taken = (Taking.Taken) decide(window);

    books.settle(taken.hold(), new Spent(1, 8, 0), now.toEpochMilli());

    assertThat(books.changes(10))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.held()).isZero();
              assertThat(change.used()).isEqualTo(8);
            });
  }

  private void share(Limit limit, long amount) {
    books.grant(counter(limit), 0, amount, now.toEpochMilli());
  }

  private Counter counter(Limit limit) {
    return books.counter(limit, now.toEpochMilli());
  }

  private Taking decide(Limit... limits) {
    return away.decide(take(limits), true, GATEWAYS, now.toEpochMilli());
  }

  private Take take(Limit... limits) {
    Ask ask = new Ask(List.of(limits), 10, 10);
    return books.take(ask, Runnable::run, _ -> {}, now.toEpochMilli());
  }

  private static Limit when(Limit limit, WhenAway whenAway) {
    return new Limit(
        limit.counter(),
        limit.subject(),
        limit.unit(),
        limit.span(),
        limit.amount(),
        limit.binding(),
        whenAway,
        limit.degradeTo(),
        limit.warnAt());
  }
}
