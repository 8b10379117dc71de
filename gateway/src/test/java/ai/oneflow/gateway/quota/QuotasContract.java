package ai.oneflow.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Taking.Refused;
import ai.oneflow.gateway.quota.Taking.Taken;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What every keeper of counters does. Each test has counters of its own.
public abstract class QuotasContract {
  private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
  private static final Span MINUTE = new Span.Sliding(Duration.ofMinutes(1).toMillis());
  private static final Span HOUR = new Span.Sliding(Duration.ofHours(1).toMillis());
  private static final Span FOR_EVER = new Span.Whole();

  protected final List<Crossing> crossings = new CopyOnWriteArrayList<>();
  private int counters;

  /// The counters under test, whose clock stands at noon of 10 March 2026 when a test begins.
  protected abstract Quotas quotas();

  /// Moves that clock on.
  protected abstract void pass(Duration time);

  /// Counts what was used earlier, as the ledger has it.
  protected abstract void count(Limit limit, long used);

  /// Waits until what was settled is counted.
  protected abstract void settleDown();

  @Test
  protected void takesFromAllLimitsOrFromNone() {
    Limit wide = requests(MINUTE, 10);
    Limit narrow = requests(HOUR, 1);

    assertThat(take(wide, narrow)).isInstanceOf(Taken.class);
    assertThat(take(wide, narrow)).isInstanceOf(Refused.class);

    assertThat(left(wide)).isEqualTo(9);
    assertThat(left(narrow)).isZero();
  }

  @Test
  protected void tellsWhatWasSettledApartFromWhatIsHeld() {
    Limit credits = limit(Unit.CREDITS, FOR_EVER, 1_000_000_000_000L);
    settle(taken(take(new Ask(List.of(credits), 0, 600))), new Spent(1, 9, 250));

    Hold second = taken(take(new Ask(List.of(credits), 0, 70_000_000_000L)));

    assertThat(look(credits).settled()).isEqualTo(250);
    settle(second, new Spent(1, 9, 30_000_000_000L));
    assertThat(look(credits).settled()).isEqualTo(30_000_000_250L);
  }

  @Test
  protected void holdsWhatIsAskedForAndKeepsWhatWasUsed() {
    Limit tokens = limit(Unit.TOKENS, HOUR, 1_000);

    Hold hold = taken(take(new Ask(List.of(tokens), 600, 0)));
    assertThat(left(tokens)).isEqualTo(400);
    assertThat(take(new Ask(List.of(tokens), 401, 0))).isInstanceOf(Refused.class);

    settle(hold, new Spent(1, 250, 0));
    assertThat(left(tokens)).isEqualTo(750);
  }

  @Test
  protected void settlesOnlyOnce() {
    Limit credits = limit(Unit.CREDITS, FOR_EVER, 1_000);
    Hold hold = taken(take(new Ask(List.of(credits), 0, 600)));

    settle(hold, new Spent(1, 0, 100));
    settle(hold, new Spent(1, 0, 500));

    assertThat(left(credits)).isEqualTo(900);
  }

  @Test
  protected void countsMoreThanWasHeldToo() {
    Limit credits = limit(Unit.CREDITS, FOR_EVER, 1_000);
    Hold hold = taken(take(new Ask(List.of(credits), 0, 600)));

    settle(hold, new Spent(1, 0, 1_200));

    assertThat(left(credits)).isZero();
    assertThat(take(new Ask(List.of(credits), 0, 1))).isInstanceOf(Refused.class);
  }

  @Test
  protected void isExactToThePicoDollarAtAnyHeight() {
    long most = 9_000_000_000_000_000_003L;
    Limit credits = limit(Unit.CREDITS, FOR_EVER, most);

    settle(taken(take(new Ask(List.of(credits), 0, most - 1))), new Spent(1, 0, most - 1));

    assertThat(take(new Ask(List.of(credits), 0, 2))).isInstanceOf(Refused.class);
    assertThat(take(new Ask(List.of(credits), 0, 1))).isInstanceOf(Taken.class);
    assertThat(left(credits)).isZero();
  }

  @Test
  protected void keepsWhatWasSpentWhateverIsHeldBesides() {
    Limit budget = limit(Unit.CREDITS, FOR_EVER, 1_000).bound(Binding.COUNT);
    Limit window = limit(Unit.CREDITS, HOUR, 1_000).bound(Binding.COUNT);
    Limit counted = limit(Unit.CREDITS, HOUR, Long.MAX_VALUE).bound(Binding.COUNT);
    List<Limit> all = List.of(budget, window, counted);
    settle(taken(take(new Ask(all, 0, 600))), new Spent(1, 0, 600));

    Hold vast = taken(take(new Ask(all, 0, Long.MAX_VALUE)));
    Hold another = taken(take(new Ask(all, 0, Long.MAX_VALUE)));
    settle(vast, new Spent(1, 0, 0));
    assertThat(left(budget)).isZero();
    assertThat(left(window)).isZero();
    settle(another, new Spent(1, 0, 1));

    assertThat(left(budget)).isEqualTo(399);
    assertThat(left(window)).isEqualTo(399);
    assertThat(left(counted)).isEqualTo(Long.MAX_VALUE - 601);
  }

  @Test
  protected void givesBackWhatIsUnderWay() {
    Limit concurrent = limit(Unit.CONCURRENT, FOR_EVER, 2);

    Hold one = taken(take(concurrent));
    taken(take(concurrent));
    Refused refused = refused(take(concurrent));
    settle(one, new Spent(1, 10, 10));

    assertThat(refused.held()).isTrue();
    assertThat(take(concurrent)).isInstanceOf(Taken.class);
  }

  @Test
  protected void opensWhenTheWindowHasPassed() {
    Limit limit = requests(MINUTE, 1);
    settle(taken(take(limit)), new Spent(1, 0, 0));

    Refused refused = refused(take(limit));
    assertThat(refused.opensMillis()).isBetween(60_000L, 62_000L);

    pass(Duration.ofMillis(refused.opensMillis() - 1));
    assertThat(take(limit)).isInstanceOf(Refused.class);
    pass(Duration.ofMillis(1));
    assertThat(take(limit)).isInstanceOf(Taken.class);
  }

  @Test
  protected void namesTheLimitThatOpensLast() {
    Limit minute = requests(MINUTE, 1);
    Limit hour = requests(HOUR, 1);
    taken(take(minute, hour));

    assertThat(refused(take(minute, hour)).standing().limit()).isEqualTo(hour);
    assertThat(refused(take(hour, minute)).standing().limit()).isEqualTo(hour);
  }

  @Test
  protected void neverOpensForMoreThanTheWholeLimit() {
    Limit tokens = limit(Unit.TOKENS, MINUTE, 100);

    Refused refused = refused(take(new Ask(List.of(tokens), 101, 0)));

    assertThat(refused.opensMillis()).isEqualTo(Refused.NEVER);
    assertThat(refused.standing().left()).isEqualTo(100);
  }

  @Test
  protected void letsNothingThroughALimitOfNothing() {
    assertThat(take(requests(MINUTE, 0))).isInstanceOf(Refused.class);
    assertThat(take(limit(Unit.CONCURRENT, FOR_EVER, 0))).isInstanceOf(Refused.class);
  }

  @Test
  protected void reportsAShadowAndRefusesNothing() {
    Limit shadow = requests(MINUTE, 1).bound(Binding.SHADOW);

    Taken first = (Taken) take(shadow);
    Taken second = (Taken) take(shadow);

    assertThat(first.shadowed()).isEmpty();
    assertThat(second.shadowed()).containsExactly(shadow);
  }

  @Test
  protected void countsBeyondALimitThatMerelyCounts() {
    Limit count = requests(MINUTE, 1).bound(Binding.COUNT);

    taken(take(count));
    Taken second = (Taken) take(count);

    assertThat(second.shadowed()).isEmpty();
    assertThat(look(count).left()).isZero();
    assertThat(look(count).used()).isEqualTo(2);
  }

  @Test
  protected void beginsABudgetAnewWithTheDayOfItsTimeZone() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Limit day = limit(Unit.CREDITS, new Span.Calendar(Span.Period.DAY, berlin), 100);
    settle(taken(take(new Ask(List.of(day), 0, 100))), new Spent(1, 0, 100));

    Refused refused = refused(take(new Ask(List.of(day), 0, 1)));
    assertThat(refused.opensMillis()).isEqualTo(Duration.ofHours(11).toMillis());

    pass(Duration.ofHours(11));
    assertThat(take(new Ask(List.of(day), 0, 100))).isInstanceOf(Taken.class);
  }

  @Test
  protected void settlesIntoThePeriodThatItWasTakenIn() {
    Limit day = limit(Unit.CREDITS, new Span.Calendar(Span.Period.DAY, ZoneId.of("UTC")), 100);
    Hold overMidnight = taken(take(new Ask(List.of(day), 0, 100)));
    pass(Duration.ofHours(13));

    settle(overMidnight, new Spent(1, 0, 100));

    assertThat(left(day)).isEqualTo(100);
  }

  @Test
  protected void settlesIntoTheSlotThatItWasTakenIn() {
    Limit tokens = limit(Unit.TOKENS, MINUTE, 100);
    Hold hold = taken(take(new Ask(List.of(tokens), 100, 0)));
    pass(Duration.ofSeconds(30));
    settle(hold, new Spent(1, 40, 0));
    assertThat(left(tokens)).isEqualTo(60);

    pass(Duration.ofSeconds(33));
    assertThat(left(tokens)).isEqualTo(100);
  }

  @Test
  protected void tellsOfEachThresholdOnce() {
    Limit budget = warned(FOR_EVER);

    for (long part : new long[] {799, 1, 100, 60, 40}) {
      spend(budget, part);
    }

    assertTold(800L, 960L);
    assertThat(crossings).extracting(Crossing::percent).containsExactly(80, 95);
  }

  @Test
  protected void tellsOnceOfAThresholdThatWhatTheLedgerHasReaches() {
    Limit budget = warned(FOR_EVER);

    count(budget, 500);
    count(budget, 350);
    settleDown();
    spend(budget, 10);
    count(budget, 100);
    settleDown();

    assertTold(850L, 960L);
    assertThat(crossings).extracting(Crossing::percent).containsExactly(80, 95);
  }

  @Test
  protected void tellsOfAThresholdThatALowerAmountHasReached() {
    Limit budget = warned(FOR_EVER);
    spend(budget, 700);

    assertThat(take(new Ask(List.of(budget.of(720)), 0, 100))).isInstanceOf(Refused.class);
    settleDown();
    spend(budget.of(720), 1);

    assertTold(700L, 700L);
    assertThat(crossings).extracting(Crossing::percent).containsExactly(80, 95);
  }

  @Test
  protected void tellsAgainOfAThresholdThatWasRaisedSince() {
    Limit budget = warned(FOR_EVER);
    spend(budget, 850);
    Limit raised = budget.of(2_000);

    spend(raised, 700);
    spend(raised, 100);
    spend(budget.of(1_900), 1);
    spend(raised, 1);

    assertTold(850L, 1_650L);
    assertThat(crossings).extracting(Crossing::percent).containsExactly(80, 80);
  }

  @Test
  protected void tellsOfThresholdsAnewInEachPeriod() {
    Limit budget = warned(new Span.Calendar(Span.Period.DAY, ZoneId.of("UTC")));
    spend(budget, 850);
    spend(budget, 10);

    pass(Duration.ofHours(13));
    spend(budget, 700);
    spend(budget, 150);

    assertTold(850L, 850L);
    assertThat(crossings).extracting(Crossing::periodStart).doesNotHaveDuplicates();
  }

  @Test
  protected void overspendsNothingHoweverManyAskAtOnce() {
    Limit budget = limit(Unit.CREDITS, FOR_EVER, 1_000);
    List<CompletableFuture<Taking>> takings = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      CompletableFuture<Taking> taking = new CompletableFuture<>();
      takings.add(taking);
      Thread.startVirtualThread(
          () -> quotas().take(new Ask(List.of(budget), 0, 7), Runnable::run, taking::complete));
    }

    long held = takings.stream().map(QuotasContract::await).filter(Taken.class::isInstance).count();

    assertThat(held).isEqualTo(1_000 / 7);
  }

  /// Perhaps not at once: what was settled is counted a moment before its crossing is heard of.
  private void assertTold(Long... used) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(crossings).extracting(Crossing::used).containsExactly(used));
  }

  private void spend(Limit limit, long amount) {
    settle(taken(take(new Ask(List.of(limit), 0, amount))), new Spent(1, 0, amount));
  }

  private Limit warned(Span span) {
    return new Limit(
        "warned" + counters++,
        "key a/b",
        Unit.CREDITS,
        span,
        1_000,
        Binding.HARD,
        WhenAway.LOCAL_SHARE,
        "",
        List.of(80, 95));
  }

  private Limit requests(Span span, long amount) {
    return limit(Unit.REQUESTS, span, amount);
  }

  private Limit limit(Unit unit, Span span, long amount) {
    return Limit.hard("counter" + counters++, "key a/b", unit, span, amount);
  }

  private Taking take(Limit... limits) {
    return take(new Ask(List.of(limits), 0, 0));
  }

  private Taking take(Ask ask) {
    CompletableFuture<Taking> taking = new CompletableFuture<>();
    quotas().take(ask, Runnable::run, taking::complete);
    return await(taking);
  }

  private void settle(Hold hold, Spent spent) {
    quotas().settle(hold, spent);
    settleDown();
  }

  private long left(Limit limit) {
    return look(limit).left();
  }

  private Standing look(Limit limit) {
    CompletableFuture<List<Standing>> standings = new CompletableFuture<>();
    quotas().look(List.of(limit), Runnable::run, standings::complete);
    return await(standings).getFirst();
  }

  private static Hold taken(Taking taking) {
    assertThat(taking).isInstanceOf(Taken.class);
    return ((Taken) taking).hold();
  }

  private static Refused refused(Taking taking) {
    assertThat(taking).isInstanceOf(Refused.class);
    return (Refused) taking;
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  protected static Instant noon() {
    return NOON;
  }
}
