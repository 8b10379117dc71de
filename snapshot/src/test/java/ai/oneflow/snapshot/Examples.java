package ai.oneflow.snapshot;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One entry of each kind, as the quickstart would make them.
final class Examples {
  private Examples() {}

  static ProviderEntry provider(long generation) {
    PriceList price =
        new PriceList(
            "4f1d2c3b",
            Instant.parse("2026-01-01T00:00:00Z"),
            new PriceList.TokenPrices(
                2_500_000,
                1_250_000,
                2_500_000,
                2_500_000,
                10_000_000,
                10_000_000,
                2_500_000,
                10_000_000),
            new PriceList.UnitPrices(0, 0, 0, 0),
            50,
            List.of());
    ModelEntry model =
        new ModelEntry(
            "gpt-4o",
            List.of(price),
            new ModelEntry.Capabilities(128_000, 16_384, true, true, true),
            92,
            Duration.ofMillis(800));
    return new ProviderEntry(
        "ai",
        "openai",
        generation,
        Dialect.OPENAI,
        URI.create("https://api.openai.com/v1"),
        List.of(new Credential.ApiKey(new Secret("plain")), new Credential.None()),
        "us",
        List.of(model),
        new ProviderEntry.Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30)),
        new ProviderEntry.Breaker(3, Duration.ofSeconds(20), 2),
        200,
        100,
        List.of(),
        List.of(),
        "",
        false);
  }

  static RouteEntry route() {
    return new RouteEntry(
        "ai",
        "smart",
        1,
        List.of("smart"),
        List.of(new RouteEntry.Target("ai", "openai", "gpt-4o", 0, 0)),
        new RouteEntry.Selection(
            RouteEntry.Strategy.BALANCED,
            new RouteEntry.Weights(50, 25, 25),
            new RouteEntry.Requirements(List.of("eu"), 80, OptionalLong.of(50_000_000_000L)),
            1,
            Optional.of(new RouteEntry.Sticky(RouteEntry.Sticky.By.HEADER, "x-session")),
            true,
            RouteEntry.Unpriced.REFUSE),
        RouteEntry.Retry.DEFAULT,
        false);
  }

  static KeyEntry key() {
    return new KeyEntry(
        "ai",
        "search",
        3,
        List.of(new KeyEntry.Hash("0f".repeat(32), Optional.empty())),
        "alice",
        "",
        List.of(),
        List.of(new RateLimit(100, Duration.ofHours(1))),
        List.of(new RateLimit(200_000, Duration.ofMinutes(1))),
        List.of(budget(BudgetEntry.Action.DEGRADE, "small")),
        true,
        20,
        false,
        Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
  }

  static QuotaEntry quota() {
    return new QuotaEntry(
        "ai",
        "project",
        1,
        Map.of("project", "search", "user", "*"),
        List.of(new RateLimit(0, Duration.ofDays(1))),
        List.of(new RateLimit(1, Duration.ofDays(7))),
        List.of(new RateLimit(10_000_000_000L, Duration.ofDays(7))),
        List.of(budget(BudgetEntry.Action.HARD_STOP, "")),
        QuotaEntry.OnUnavailable.DENY,
        true);
  }

  private static BudgetEntry budget(BudgetEntry.Action action, String degradeTo) {
    return new BudgetEntry(
        50_000_000_000_000L,
        BudgetEntry.Window.MONTH,
        "Europe/Berlin",
        action,
        degradeTo,
        List.of(80, 95));
  }

  static GatewayEntry gateway() {
    return new GatewayEntry(
        "ai", "main", 1, 10 << 20, List.of(), Optional.empty(), Optional.empty());
  }

  /// One that counts in a Redis and warns.
  static GatewayEntry fleet() {
    return new GatewayEntry(
        "ai",
        "fleet",
        1,
        10 << 20,
        List.of(new RateLimit(1000, Duration.ofHours(1))),
        Optional.of(
            new RedisEntry(
                "rediss://redis:6379",
                Optional.of(new Secret("plain-password")),
                true,
                RedisEntry.Admission.EXACT)),
        Optional.of(
            new WebhookEntry(
                URI.create("https://example.com/hook"), Optional.of(new Secret("plain-key")))));
  }
}
