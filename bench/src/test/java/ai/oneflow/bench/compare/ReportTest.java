package ai.oneflow.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.bench.compare.Measurement.Spent;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static final Load LOAD = new Load(false, 32);

  private final Report report =
      new Report(
          "a machine",
          10,
          List.of(row("mock", 100_000, 200), row("nginx", 50_000, 500), row("relay", 40_000, 700)));

  @Test
  void comparesEachRowWithNginxAndWithTheMockUnderTheSameLoad() {
    assertThat(report.markdown())
        .contains("| json | 32 | relay | 40,000 | 0.80 | 700 |")
        .contains("| 500 | 0 | 10.0 |");
  }

  @Test
  void leavesComparisonsOutWhereThereIsNothingToCompareWith() {
    Report alone = new Report("a machine", 10, List.of(row("relay", 40_000, 700)));
    assertThat(alone.markdown()).contains("| relay | 40,000 |  | 700 |");
  }

  @Test
  void saysWhatARequestCostsTheRedisThatItIsCountedIn() {
    RedisWork redis = new RedisWork(1_000_000, 4_000);
    Report counting = new Report("a machine", 10, List.of(row("exact", 10_000, 700, redis)));
    assertThat(counting.markdown()).contains("| 0 | 10.0 | 10.0 | 0.0400 |");
  }

  @Test
  void holdsTheSameNumbersAsJson() {
    assertThat(report.json()).contains("\"target\" : \"relay\"", "\"p50\" : 700");
  }

  private static Measurement row(String target, long perSecond, long p50) {
    return row(target, perSecond, p50, RedisWork.NONE);
  }

  private static Measurement row(String target, long perSecond, long p50, RedisWork redis) {
    Wrk.Result wrk =
        new Wrk.Result(perSecond * 10, 10_000_000, 0, p50, p50 * 2, p50 * 3, p50 * 4, 0);
    Spent spent = new Spent(perSecond * 100, 204_800);
    return new Measurement(target, LOAD, wrk, spent, spent, redis, 0);
  }
}
