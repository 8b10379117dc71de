package ai.oneflow.gateway.config.push;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Spending.Spent;
import ai.oneflow.snapshot.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpendReportsTest {
  private final AtomicLong now = new AtomicLong();
  private final SpendReports reports = new SpendReports(now::get);

  @Test
  void ofAKeyTheLastStateIsToldOnce() {
    reports.spent(List.of(spent("a", 1), spent("b", 1)));
    reports.spent(List.of(spent("a", 2)));

    assertThat(reports.take()).containsExactly(new Spending(List.of(spent("a", 2), spent("b", 1))));
    assertThat(reports.take()).isEmpty();
    reports.spent(List.of(spent("a", 2), spent("b", 3)));
    assertThat(reports.take()).containsExactly(new Spending(List.of(spent("b", 3))));
  }

  @Test
  void manyKeysAreToldInSeveralRounds() {
    reports.spent(IntStream.range(0, 2_500).mapToObj(i -> spent("key-" + i, i)).toList());

    assertThat(List.of(reports.take(), reports.take(), reports.take(), reports.take()))
        .extracting(round -> round.stream().mapToInt(said -> ((Spending) said).keys().size()).sum())
        .containsExactly(1_000, 1_000, 500, 0);
  }

  @Test
  void anOperatorThatCameBackIsToldEverythingAnew() {
    reports.spent(List.of(spent("a", 1)));
    reports.warn(warning(80));
    reports.take();

    reports.connected();

    assertThat(reports.take()).containsExactly(warning(80), new Spending(List.of(spent("a", 1))));
  }

  @Test
  void aWarningIsToldOnceAndAfterAWhileNoMore() {
    reports.warn(warning(80));
    reports.warn(warning(80));
    assertThat(reports.take()).containsExactly(warning(80));
    reports.warn(warning(80));
    assertThat(reports.take()).isEmpty();

    now.addAndGet(Duration.ofMinutes(11).toNanos());
    reports.connected();

    assertThat(reports.take()).isEmpty();
  }

  @Test
  void ofEndlessWarningsTheNewestAreKept() {
    for (int i = 0; i < 1_500; i++) {
      reports.warn(warning(i, 80));
    }

    long told = IntStream.range(0, 20).mapToLong(_ -> reports.take().size()).sum();

    assertThat(told).isEqualTo(1_000);
  }

  private static Spent spent(String key, long picoDollars) {
    return new Spent("ai", key, Window.MONTH, Instant.EPOCH, picoDollars);
  }

  private static Warning warning(int percent) {
    return warning(1, percent);
  }

  private static Warning warning(long budget, int percent) {
    EntryKey key = new EntryKey(Kind.API_KEY, "ai", "search");
    return new Warning(key, "", Window.MONTH, Instant.EPOCH, percent, budget);
  }
}
