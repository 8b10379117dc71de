package ai.oneflow.bench.gateway;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RedisEntry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Five limits that a measured key falls under: requests a day, tokens a minute and a month's
/// budget of its own, requests a minute and credits an hour of its project. Each lets through some
/// ten times what two cores could ask for, so that none refuses and slices are as large as they
/// get.
///
/// @param requests the key's
/// @param tokens the key's
/// @param budgets the key's
/// @param policies the project's
/// @param redis where they are counted; empty: in memory
public record MeasuredLimits(
    List<RateLimit> requests,
    List<RateLimit> tokens,
    List<BudgetEntry> budgets,
    List<QuotaEntry> policies,
    Optional<RedisEntry> redis) {
  private static final long REQUESTS_A_DAY = 50_000_000_000L;
  private static final long REQUESTS_A_MINUTE = 50_000_000;
  private static final long TOKENS_A_MINUTE = 50_000_000_000L;
  private static final long PICO_DOLLARS = 5_000_000_000_000_000_000L;
  private static final int MOSTLY_SPENT_PERCENT = 80;

  /// A key that is only counted.
  public static MeasuredLimits none() {
    return new MeasuredLimits(List.of(), List.of(), List.of(), List.of(), Optional.empty());
  }

  public static MeasuredLimits inMemory() {
    return five(Optional.empty());
  }

  public static MeasuredLimits inRedis(URI redis, RedisEntry.Admission admission) {
    return five(Optional.of(new RedisEntry(redis.toString(), Optional.empty(), false, admission)));
  }

  private static MeasuredLimits five(Optional<RedisEntry> redis) {
    return new MeasuredLimits(
        List.of(new RateLimit(REQUESTS_A_DAY, Duration.ofDays(1))),
        List.of(new RateLimit(TOKENS_A_MINUTE, Duration.ofMinutes(1))),
        List.of(budget()),
        List.of(ofProject()),
        redis);
  }

  private static BudgetEntry budget() {
    return new BudgetEntry(
        PICO_DOLLARS,
        BudgetEntry.Window.MONTH,
        "Europe/Berlin",
        BudgetEntry.Action.HARD_STOP,
        "",
        List.of(MOSTLY_SPENT_PERCENT));
  }

  private static QuotaEntry ofProject() {
    return new QuotaEntry(
        MeasuredConfiguration.NAMESPACE,
        "projects",
        1,
        Map.of("project", "*"),
        List.of(new RateLimit(REQUESTS_A_MINUTE, Duration.ofMinutes(1))),
        List.of(),
        List.of(new RateLimit(PICO_DOLLARS, Duration.ofHours(1))),
        List.of(),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        false);
  }
}
