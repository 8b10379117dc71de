package ai.oneflow.gateway.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import ai.oneflow.gateway.redis.InstalledRedis;
import ai.oneflow.servers.RedisServer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Counters in memory and in Redis decide alike whatever came before.
final class SameDecisionsIT {
  private static final int HISTORIES = 150;
  private static final int STEPS = 80;
  private static final long PICO = 1_000_000_007L;

  private volatile Instant now = Instant.parse("2026-03-10T12:00:00Z");

  private record Pair(Hold memory, Hold redis) {}

  @Test
  void memoryAndRedisDecideAlike() throws Exception {
    try (RedisServer server = InstalledRedis.start();
        RedisQuotas redis = open(server);
        MemoryQuotas memory = new MemoryQuotas(() -> now, _ -> {})) {
      redis.ready().get(20, TimeUnit.SECONDS);
      for (int seed = 0; seed < HISTORIES; seed++) {
        compare(new Random(seed), seed, memory, redis);
      }
    }
  }

  private RedisQuotas open(RedisServer server) {
    RedisSettings settings =
        new RedisSettings(
            server.url().toString(),
            Optional.empty(),
            false,
            false,
            "ai/main",
            "gateway-0",
            new Run(0, "first"));
    Terms terms =
        new Terms(
            new Keys(settings.fleet()),
            new RedisTime(() -> now),
            false,
            TestFleet.PATIENT,
            _ -> {});
    return RedisQuotas.open(settings, terms, new FakeLedger(new FakeLedger.Sql()).asRedisLedger());
  }

  private void compare(Random random, int seed, Quotas memory, Quotas redis) {
    List<Limit> limits = limits(seed);
    List<Pair> holds = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      now = now.plusMillis(passing(random));
      if (!holds.isEmpty() && random.nextInt(3) == 0) {
        settle(random, holds.remove(random.nextInt(holds.size())), memory, redis);
      } else {
        Ask ask = ask(random, limits);
        Taking expected = take(memory, ask);
        Taking actual = take(redis, ask);
        assertThat(told(actual)).as("history %s, step %s", seed, step).isEqualTo(told(expected));
        if (expected instanceof Taking.Taken a && actual instanceof Taking.Taken b) {
          holds.add(new Pair(a.hold(), b.hold()));
        }
      }
    }
    holds.forEach(pair -> settle(random, pair, memory, redis));
  }

  /// Mostly little, at times more than a window.
  private static long passing(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextInt(120_000);
      case 1, 2, 3 -> random.nextInt(5_000);
      default -> random.nextInt(50);
    };
  }

  private static List<Limit> limits(int seed) {
    Span minute = new Span.Sliding(60_000);
    Span second = new Span.Sliding(1_000);
    Span hour = new Span.Sliding(3_600_000);
    Span day = new Span.Calendar(Span.Period.DAY, ZoneId.of("Europe/Berlin"));
    Span week = new Span.Calendar(Span.Period.WEEK, ZoneId.of("UTC"));
    return List.of(
        limit(seed, Unit.REQUESTS, minute, 9),
        limit(seed, Unit.REQUESTS, second, 3),
        limit(seed, Unit.TOKENS, hour, 6_000),
        limit(seed, Unit.CREDITS, minute, 3_000 * PICO),
        limit(seed, Unit.CREDITS, day, 9_000 * PICO),
        limit(seed, Unit.CREDITS, new Span.Whole(), 20_000 * PICO),
        limit(seed, Unit.CONCURRENT, new Span.Whole(), 4),
        limit(seed, Unit.REQUESTS, hour, 5).bound(Binding.SHADOW),
        limit(seed, Unit.TOKENS, minute, 500).bound(Binding.COUNT),
        limit(seed, Unit.CREDITS, hour, 2_000 * PICO).bound(Binding.SHADOW),
        limit(seed, Unit.CREDITS, week, 20_000 * PICO).bound(Binding.COUNT));
  }

  private static Limit limit(int seed, Unit unit, Span span, long amount) {
    return Limit.hard(seed + "|" + unit + "|" + span, "key a/b", unit, span, amount);
  }

  private static Ask ask(Random random, List<Limit> limits) {
    List<Limit> some = limits.stream().filter(_ -> random.nextInt(3) > 0).toList();
    if (random.nextInt(10) == 0) {
      List<Limit> loose = some.stream().filter(limit -> !limit.binding().binds()).toList();
      return new Ask(loose, Long.MAX_VALUE, Long.MAX_VALUE - random.nextInt(2));
    }
    return new Ask(some, random.nextInt(700), random.nextInt(700) * PICO);
  }

  private static void settle(Random random, Pair pair, Quotas memory, Quotas redis) {
    Ask ask = pair.memory().ask();
    Spent spent =
        random.nextInt(5) == 0
            ? Spent.NOTHING
            : new Spent(1, some(random, ask.tokens()), some(random, ask.picoDollars()));
    memory.settle(pair.memory(), spent);
    redis.settle(pair.redis(), spent);
  }

  /// At times more than was held.
  private static long some(Random random, long held) {
    long bound = Math.min(held, 700 * PICO);
    return bound == 0 ? 0 : random.nextLong(bound + bound / 10 + 1);
  }

  private static Taking take(Quotas quotas, Ask ask) {
    CompletableFuture<Taking> taking = new CompletableFuture<>();
    quotas.take(ask, Runnable::run, taking::complete);
    return taking.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// All that the caller and the logs see of it.
  private static List<Object> told(Taking taking) {
    return switch (taking) {
      case Taking.Taken(_, List<Standing> standings, List<Limit> shadowed) ->
          List.of(standings.stream().map(Standing::left).toList(), shadowed);
      case Taking.Refused(Standing standing, long opensMillis, boolean held) ->
          List.of(standing.limit(), standing.left(), opensMillis, held);
      case Taking.Unreachable(Limit limit) -> List.of("unreachable", limit);
    };
  }
}
