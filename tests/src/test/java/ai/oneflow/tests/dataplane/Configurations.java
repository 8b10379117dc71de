package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.snapshot.BudgetEntry;
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
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.Secret;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Snapshots as an operator would push them: one provider, a route for each model, one key.
public final class Configurations {
  /// What a single attempt does is what most tests are about.
  static final RouteEntry.Retry ONCE = new RouteEntry.Retry(1, Duration.ZERO, Duration.ZERO, 0);

  private static final ProviderEntry.Breaker NEVER_OPEN =
      new ProviderEntry.Breaker(1_000, Duration.ofSeconds(60), 1);

  public static final String KEY = "of_test_" + "k".repeat(40);
  public static final long INPUT_PICO_DOLLARS = 2_500_000;
  static final long CACHED_PICO_DOLLARS = 1_250_000;
  public static final long OUTPUT_PICO_DOLLARS = 10_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Configurations() {}

  static GatewaySnapshot of(URI endpoint, Collection<String> models) {
    return GatewaySnapshot.of(entries(endpoint, models, List.of()));
  }

  /// The same with these changes.
  static GatewaySnapshot changed(
      URI endpoint,
      Collection<String> models,
      UnaryOperator<ProviderEntry> providers,
      UnaryOperator<RouteEntry> routes) {
    List<Entry> entries = entries(endpoint, models, List.of());
    entries.replaceAll(
        entry ->
            switch (entry) {
              case ProviderEntry asWritten -> providers.apply(asWritten);
              case RouteEntry asWritten -> routes.apply(asWritten);
              default -> entry;
            });
    return GatewaySnapshot.of(entries);
  }

  static GatewaySnapshot limited(URI endpoint, String model, RateLimit limit) {
    return GatewaySnapshot.of(entries(endpoint, List.of(model), List.of(limit)));
  }

  public static List<Entry> entries(
      URI endpoint, Collection<String> models, List<RateLimit> requests) {
    List<Entry> entries = new ArrayList<>();
    entries.add(gateway());
    entries.add(provider(endpoint, models, PATIENCE));
    for (String model : models) {
      entries.add(
          new RouteEntry(
              "ai",
              "route-" + entries.size(),
              1,
              List.of(model),
              List.of(new RouteEntry.Target("ai", "stand-in", model, 0, 0)),
              RouteEntry.Selection.by(RouteEntry.Strategy.BALANCED, RouteEntry.Unpriced.REFUSE),
              ONCE,
              false));
    }
    entries.add(key(requests, false));
    return entries;
  }

  static GatewayEntry gateway() {
    return new GatewayEntry(
        "ai", "main", 1, 10 << 20, List.of(), Optional.empty(), Optional.empty());
  }

  static KeyEntry key(List<RateLimit> requests, boolean suspended) {
    return new KeyEntry(
        "ai",
        "caller",
        1,
        List.of(new KeyEntry.Hash(sha256(KEY), Optional.empty())),
        "alice",
        "search",
        List.of(),
        requests,
        List.of(),
        List.of(),
        false,
        0,
        suspended,
        Optional.empty());
  }

  /// The same key, with these budgets.
  static KeyEntry with(KeyEntry entry, BudgetEntry... budgets) {
    return new KeyEntry(
        entry.namespace(),
        entry.name(),
        entry.generation(),
        entry.hashes(),
        entry.user(),
        entry.project(),
        entry.models(),
        entry.requests(),
        entry.tokens(),
        List.of(budgets),
        entry.prepaid(),
        entry.maxConcurrent(),
        entry.suspended(),
        entry.expiresAt());
  }

  public static ProviderEntry provider(URI endpoint, Collection<String> models, Duration patience) {
    return provider(
        "stand-in", endpoint, models.stream().map(Configurations::model).toList(), patience);
  }

  /// One whose breaker never opens.
  static ProviderEntry provider(
      String name, URI endpoint, List<ModelEntry> models, Duration patience) {
    return new ProviderEntry(
        "ai",
        name,
        1,
        Dialect.OPENAI,
        endpoint,
        List.of(new Credential.None()),
        "",
        models,
        new ProviderEntry.Timeouts(Duration.ofSeconds(5), patience, patience, patience),
        NEVER_OPEN,
        0,
        0,
        List.of(),
        List.of(),
        "",
        false);
  }

  /// The same provider, whose models have no price.
  static ProviderEntry withoutPrices(ProviderEntry entry) {
    return with(
        entry,
        model ->
            new ModelEntry(
                model.name(),
                List.of(),
                model.capabilities(),
                model.quality(),
                model.latencyPrior()));
  }

  /// The same provider, whose models have a price for an image and none for a token.
  static ProviderEntry pricedByTheImage(ProviderEntry entry) {
    PriceList prices =
        new PriceList(
            "v1",
            Instant.EPOCH,
            new PriceList.TokenPrices(0, 0, 0, 0, 0, 0, 0, 0),
            new PriceList.UnitPrices(0, 40_000_000_000L, 0, 0),
            100,
            List.of());
    return with(
        entry,
        model ->
            new ModelEntry(
                model.name(),
                List.of(prices),
                model.capabilities(),
                model.quality(),
                model.latencyPrior()));
  }

  /// The same provider, whose models are said to write no more than so many tokens.
  static ProviderEntry writingAtMost(ProviderEntry entry, long tokens) {
    return with(
        entry,
        model ->
            new ModelEntry(
                model.name(),
                model.prices(),
                new ModelEntry.Capabilities(0, tokens, true, true, true),
                model.quality(),
                model.latencyPrior()));
  }

  private static ProviderEntry with(ProviderEntry entry, UnaryOperator<ModelEntry> change) {
    Parts parts = new Parts(entry);
    parts.models = entry.models().stream().map(change).toList();
    return parts.in(entry);
  }

  /// The same provider, whose breaker opens as it does where nothing is said of it.
  static ProviderEntry withBreaker(ProviderEntry entry) {
    Parts parts = new Parts(entry);
    parts.breaker = ProviderEntry.Breaker.DEFAULT;
    return parts.in(entry);
  }

  /// The same provider, whose credentials are tried again so long after they were refused.
  static ProviderEntry triedAgainAfter(ProviderEntry entry, Duration time) {
    Parts parts = new Parts(entry);
    parts.breaker = new ProviderEntry.Breaker(entry.breaker().faults(), time, 1);
    return parts.in(entry);
  }

  /// The same provider, with so much room.
  ///
  /// @param maxConcurrent requests under way at once
  /// @param queue requests that may wait
  static ProviderEntry withRoom(ProviderEntry entry, int maxConcurrent, int queue) {
    Parts parts = new Parts(entry);
    parts.maxConcurrent = maxConcurrent;
    parts.queue = queue;
    return parts.in(entry);
  }

  /// The same provider, whose own limit is this.
  static ProviderEntry withLimit(ProviderEntry entry, RateLimit requests) {
    Parts parts = new Parts(entry);
    parts.requests = List.of(requests);
    return parts.in(entry);
  }

  /// The same provider, called with these keys in turn.
  static ProviderEntry withKeys(ProviderEntry entry, String... keys) {
    Parts parts = new Parts(entry);
    parts.credentials =
        Stream.of(keys).<Credential>map(key -> new Credential.ApiKey(new Secret(key))).toList();
    return parts.in(entry);
  }

  /// The same provider, which speaks something like OpenAI's dialect.
  static ProviderEntry compatible(ProviderEntry entry) {
    Parts parts = new Parts(entry);
    parts.dialect = Dialect.OPENAI_COMPATIBLE;
    return parts.in(entry);
  }

  /// What tests change of a provider.
  private static final class Parts {
    private Dialect dialect;
    private List<Credential> credentials;
    private List<ModelEntry> models;
    private ProviderEntry.Breaker breaker;
    private int maxConcurrent;
    private int queue;
    private List<RateLimit> requests;

    Parts(ProviderEntry entry) {
      dialect = entry.dialect();
      credentials = entry.credentials();
      models = entry.models();
      breaker = entry.breaker();
      maxConcurrent = entry.maxConcurrent();
      queue = entry.queue();
      requests = entry.requests();
    }

    ProviderEntry in(ProviderEntry entry) {
      return new ProviderEntry(
          entry.namespace(),
          entry.name(),
          entry.generation(),
          dialect,
          entry.endpoint(),
          credentials,
          entry.region(),
          models,
          entry.timeouts(),
          breaker,
          maxConcurrent,
          queue,
          requests,
          entry.tokens(),
          entry.caCertificates(),
          entry.insecureSkipVerify());
    }
  }

  /// The same gateway, which counts in this Redis.
  public static GatewayEntry with(GatewayEntry entry, RedisEntry redis) {
    return new GatewayEntry(
        entry.namespace(),
        entry.name(),
        entry.generation(),
        entry.maxRequestBytes(),
        entry.requestsPerUser(),
        Optional.of(redis),
        entry.webhook());
  }

  static RouteEntry unpriced(RouteEntry entry, RouteEntry.Unpriced unpriced) {
    return new RouteEntry(
        entry.namespace(),
        entry.name(),
        entry.generation(),
        entry.models(),
        entry.targets(),
        RouteEntry.Selection.by(entry.selection().strategy(), unpriced),
        entry.retry(),
        entry.readsOn());
  }

  /// The same route, which reads on for callers who left.
  static RouteEntry readingOn(RouteEntry entry) {
    return new RouteEntry(
        entry.namespace(),
        entry.name(),
        entry.generation(),
        entry.models(),
        entry.targets(),
        entry.selection(),
        entry.retry(),
        true);
  }

  /// A model that costs the same for each token, in pico-dollars.
  static ModelEntry model(String name, long price) {
    PriceList prices =
        new PriceList(
            "v1",
            Instant.EPOCH,
            new PriceList.TokenPrices(price, price, price, price, price, price, price, price),
            new PriceList.UnitPrices(0, 0, 0, 0),
            100,
            List.of());
    return new ModelEntry(
        name,
        List.of(prices),
        new ModelEntry.Capabilities(0, 0, true, true, true),
        50,
        Duration.ofSeconds(1));
  }

  private static ModelEntry model(String name) {
    PriceList.TokenPrices prices =
        new PriceList.TokenPrices(
            INPUT_PICO_DOLLARS,
            CACHED_PICO_DOLLARS,
            INPUT_PICO_DOLLARS,
            INPUT_PICO_DOLLARS,
            OUTPUT_PICO_DOLLARS,
            OUTPUT_PICO_DOLLARS,
            INPUT_PICO_DOLLARS,
            OUTPUT_PICO_DOLLARS);
    return new ModelEntry(
        name,
        List.of(
            new PriceList(
                "0badcafe",
                Instant.EPOCH,
                prices,
                new PriceList.UnitPrices(0, 0, 0, 0),
                50,
                List.of())),
        new ModelEntry.Capabilities(0, 0, true, true, true),
        50,
        Duration.ofMillis(500));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
