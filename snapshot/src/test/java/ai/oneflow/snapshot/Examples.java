package ai.oneflow.snapshot;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        200,
        "",
        false);
  }

  static RouteEntry route() {
    return new RouteEntry(
        "ai",
        "smart",
        1,
        List.of("smart"),
        RouteEntry.Strategy.BALANCED,
        List.of(new RouteEntry.Target("ai", "openai", "gpt-4o", 0, 0)),
        RouteEntry.Unpriced.REFUSE);
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
        true);
  }

  static GatewayEntry gateway() {
    return new GatewayEntry("ai", "main", 1, 10 << 20, List.of());
  }
}
