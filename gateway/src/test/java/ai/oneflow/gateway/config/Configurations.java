package ai.oneflow.gateway.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RouteEntry;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Small snapshots, and what is compiled from them.
public final class Configurations {
  private Configurations() {}

  public static GatewayEntry gateway() {
    return gateway(List.of());
  }

  public static GatewayEntry gateway(List<RateLimit> requestsPerUser) {
    return new GatewayEntry(
        "ai", "main", 1, 10 << 20, requestsPerUser, Optional.empty(), Optional.empty());
  }

  public static ProviderEntry.Timeouts timeouts() {
    return new ProviderEntry.Timeouts(
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2));
  }

  /// A provider with the model `gpt-4o` at a price, which needs no key.
  public static ProviderEntry provider(String name, Dialect dialect, String endpoint) {
    PriceList price =
        new PriceList(
            "v1",
            Instant.EPOCH,
            new PriceList.TokenPrices(4, 2, 4, 4, 8, 8, 4, 8),
            new PriceList.UnitPrices(0, 0, 0, 0),
            100,
            List.of());
    ModelEntry model =
        new ModelEntry(
            "gpt-4o",
            List.of(price),
            new ModelEntry.Capabilities(0, 0, true, true, true),
            50,
            Duration.ofSeconds(1));
    return new ProviderEntry(
        "ai",
        name,
        1,
        dialect,
        URI.create(endpoint),
        List.of(new Credential.None()),
        "",
        List.of(model),
        timeouts(),
        ProviderEntry.Breaker.DEFAULT,
        0,
        0,
        List.of(),
        List.of(),
        "",
        false);
  }

  public static ProviderEntry provider(String name) {
    return provider(name, Dialect.OPENAI, "http://127.0.0.1:9/v1");
  }

  public static RouteEntry.Target target(String provider, int weight, int priority) {
    return new RouteEntry.Target("ai", provider, "gpt-4o", weight, priority);
  }

  public static RouteEntry route(String name, List<String> models, RouteEntry.Target... targets) {
    return new RouteEntry(
        "ai",
        name,
        1,
        models,
        List.of(targets),
        RouteEntry.Selection.by(RouteEntry.Strategy.PRIORITY, RouteEntry.Unpriced.REFUSE),
        RouteEntry.Retry.DEFAULT,
        false);
  }

  /// A key with one hash for each of these plaintexts, all but the first in their grace.
  public static KeyEntry keyEntry(String name, Instant graceUntil, String... plaintexts) {
    List<KeyEntry.Hash> hashes =
        java.util.stream.IntStream.range(0, plaintexts.length)
            .mapToObj(
                i ->
                    new KeyEntry.Hash(
                        sha256(plaintexts[i]), i == 0 ? Optional.empty() : Optional.of(graceUntil)))
            .toList();
    return new KeyEntry(
        "ai",
        name,
        1,
        hashes,
        "alice",
        "search",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        false,
        0,
        false,
        Optional.empty());
  }

  public static CompiledConfiguration compile(Entry... entries) {
    return compile(new HealthBook(), entries);
  }

  public static CompiledConfiguration compile(HealthBook health, Entry... entries) {
    GatewaySnapshot snapshot = GatewaySnapshot.of(List.of(entries));
    return switch (new SnapshotCompiler(health).compile(snapshot, Optional.empty())) {
      case SnapshotCompiler.Result.Compiled(var configuration) -> configuration;
      case SnapshotCompiler.Result.Refused(var refusals) ->
          throw new AssertionError(refusals.toString());
    };
  }

  static String sha256(String plaintext) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(plaintext.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
