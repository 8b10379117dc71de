package ai.oneflow.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Span;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.BudgetEntry.Action;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RateLimit;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NewLimitsTest {
  private static final KeyDraft KEY = KeyDraft.of("ci");
  private static final String DAY = "key|ai/ci|credits|day@UTC|hard_stop";

  @Test
  void aBudgetThatAKeyGainsIsNew() {
    LimitBook book = book(KEY.budget(Action.HARD_STOP, 10, "").entry());

    NewLimits added = book.newSince(book(KEY.entry()));

    assertThat(added.has(DAY)).isTrue();
    assertThat(added.has("key|ai/other|credits|day@UTC|hard_stop")).isFalse();
    assertThat(book.spansOf(added))
        .containsExactly(new Span.Calendar(Span.Period.DAY, ZoneId.of("UTC")));
  }

  @Test
  void anotherAmountIsNotNew() {
    LimitBook former = book(KEY.budget(Action.HARD_STOP, 10, "").entry());

    assertThat(book(KEY.budget(Action.HARD_STOP, 20, "").entry()).newSince(former).isEmpty())
        .isTrue();
  }

  @Test
  void topUpsThatAKeyBeginsToSpendAreNew() {
    NewLimits added = book(KEY.spendingTopUps().entry()).newSince(book(KEY.entry()));

    assertThat(added.has("key|ai/ci|prepaid|total")).isTrue();
  }

  @Test
  void windowsAndRequestsUnderWayAreNotToldOf() {
    KeyDraft limited = KEY.requests(new RateLimit(5, Duration.ofHours(1))).maxConcurrent(2);

    assertThat(book(limited.entry()).newSince(book(KEY.entry())).isEmpty()).isTrue();
  }

  @Test
  void aPolicysBudgetIsNewForEachThatItCounts() {
    NewLimits added = book(policy(Map.of("user", "*"))).newSince(book(KEY.entry()));

    assertThat(added.has("policy|ai/total|user=alice|credits|month@UTC|hard_stop")).isTrue();
    assertThat(added.has("policy|ai/total|user=a=b|credits|month@UTC|hard_stop")).isTrue();
    assertThat(added.has("policy|ai/other|user=alice|credits|month@UTC|hard_stop")).isFalse();
    assertThat(added.has("policy|ai/total|user=alice|credits|day@UTC|hard_stop")).isFalse();
  }

  @Test
  void aPolicyThatSpeaksOfOthersIsNew() {
    LimitBook former = book(policy(Map.of("user", "alice")));

    assertThat(book(policy(Map.of("user", "alice"))).newSince(former).isEmpty()).isTrue();
    assertThat(book(policy(Map.of("user", "bob"))).newSince(former).isEmpty()).isFalse();
  }

  @Test
  void whatAKeyThatNeverSpentAnythingGainsHasNoPast() {
    NewLimits added =
        book(KEY.budget(Action.HARD_STOP, 10, "").entry(), policy(Map.of())).newSince(book());

    assertThat(added.ofSpenders(Set.of("ai/ci")).has(DAY)).isTrue();
    assertThat(added.ofSpenders(Set.of()).has(DAY)).isFalse();
    assertThat(added.ofSpenders(Set.of()).has("policy|ai/total|credits|month@UTC|hard_stop"))
        .isTrue();
  }

  @Test
  void severalChangesAddUp() {
    NewLimits day = book(KEY.budget(Action.HARD_STOP, 10, "").entry()).newSince(book(KEY.entry()));
    NewLimits total = book(KEY.spendingTopUps().entry()).newSince(book(KEY.entry()));

    assertThat(day.and(total).has(DAY)).isTrue();
    assertThat(day.and(total).has("key|ai/ci|prepaid|total")).isTrue();
  }

  private static LimitBook book(Entry... entries) {
    Entry[] all = new Entry[entries.length + 1];
    all[0] = Configurations.gateway();
    System.arraycopy(entries, 0, all, 1, entries.length);
    return Configurations.compile(all).limits();
  }

  private static QuotaEntry policy(Map<String, String> subject) {
    BudgetEntry month =
        new BudgetEntry(10, BudgetEntry.Window.MONTH, "UTC", Action.HARD_STOP, "", List.of());
    return new QuotaEntry(
        "ai",
        "total",
        1,
        subject,
        List.of(),
        List.of(),
        List.of(),
        List.of(month),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        false);
  }
}
