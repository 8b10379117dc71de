package ai.oneflow.bench.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What an operator would push for one caller and one model: a key with its limits, and a priced
/// route.
public final class MeasuredConfiguration {
  public static final String NAMESPACE = "bench";
  public static final String GATEWAY = "gateway";
  public static final String MODEL = "gpt-4o";

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private MeasuredConfiguration() {}

  /// The snapshot for callers with `key` and a provider of OpenAI's dialect at `upstream`.
  public static GatewaySnapshot of(URI upstream, String key, MeasuredLimits limits) {
    List<Entry> entries = new ArrayList<>(limits.policies());
    entries.add(
        new GatewayEntry(
            NAMESPACE, GATEWAY, 1, 10 << 20, List.of(), limits.redis(), Optional.empty()));
    entries.add(provider("provider", upstream));
    entries.add(
        new RouteEntry(
            NAMESPACE,
            "route",
            1,
            List.of(MODEL),
            List.of(new RouteEntry.Target(NAMESPACE, "provider", MODEL, 0, 0)),
            RouteEntry.Selection.by(RouteEntry.Strategy.PRIORITY, RouteEntry.Unpriced.REFUSE),
            RouteEntry.Retry.DEFAULT,
            false));
    entries.add(key(key, limits));
    return GatewaySnapshot.of(entries);
  }

  /// A route with so many targets, each at a provider of its own by name, all of them at
  /// `upstream`, for callers with `key`.
  public static GatewaySnapshot manyTargets(
      URI upstream, String key, int count, RouteEntry.Strategy strategy) {
    List<Entry> entries = new ArrayList<>();
    List<RouteEntry.Target> targets = new ArrayList<>();
    entries.add(
        new GatewayEntry(
            NAMESPACE, GATEWAY, 1, 10 << 20, List.of(), Optional.empty(), Optional.empty()));
    for (int i = 0; i < count; i++) {
      String name = "provider-" + i;
      entries.add(provider(name, upstream));
      targets.add(new RouteEntry.Target(NAMESPACE, name, MODEL, 1 + i, i));
    }
    entries.add(
        new RouteEntry(
            NAMESPACE,
            "route",
            1,
            List.of(MODEL),
            targets,
            RouteEntry.Selection.by(strategy, RouteEntry.Unpriced.REFUSE),
            RouteEntry.Retry.DEFAULT,
            false));
    entries.add(key(key, MeasuredLimits.none()));
    return GatewaySnapshot.of(entries);
  }

  private static KeyEntry key(String key, MeasuredLimits limits) {
    return new KeyEntry(
        NAMESPACE,
        "key",
        1,
        List.of(new KeyEntry.Hash(sha256(key), Optional.empty())),
        "user",
        "project",
        List.of("gpt-*"),
        limits.requests(),
        limits.tokens(),
        limits.budgets(),
        false,
        0,
        false,
        Optional.empty());
  }

  private static ModelEntry model() {
    PriceList price =
        new PriceList(
            "bench",
            Instant.EPOCH,
            new PriceList.TokenPrices(
                2_500_000, 1_250_000, 2_500_000, 2_500_000, 10_000_000, 10_000_000, 0, 0),
            new PriceList.UnitPrices(0, 0, 0, 0),
            50,
            List.of());
    return new ModelEntry(
        MODEL,
        List.of(price),
        new ModelEntry.Capabilities(0, 0, true, true, true),
        50,
        Duration.ofMillis(1));
  }

  private static ProviderEntry provider(String name, URI upstream) {
    return new ProviderEntry(
        NAMESPACE,
        name,
        1,
        Dialect.OPENAI,
        upstream,
        List.of(new Credential.None()),
        "",
        List.of(model()),
        new ProviderEntry.Timeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE),
        ProviderEntry.Breaker.DEFAULT,
        0,
        0,
        List.of(),
        List.of(),
        "",
        false);
  }

  /// In hexadecimal.
  public static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
