package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.Configurations;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ModelEntry.Capabilities;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A target, and the provider that it leads to, of which a test says only what it is about.
///
/// @param price pico-dollars a token, input and output alike; 0: none
record TargetDraft(
    String provider,
    long price,
    int quality,
    Duration latency,
    Capabilities able,
    String region,
    int weight,
    int priority) {
  static final Capabilities ALL = new Capabilities(0, 0, true, true, true);

  static TargetDraft of(String provider) {
    return new TargetDraft(provider, 4, 50, Duration.ofSeconds(1), ALL, "eu", 1, 1);
  }

  TargetDraft price(long each) {
    return new TargetDraft(provider, each, quality, latency, able, region, weight, priority);
  }

  TargetDraft quality(int of100) {
    return new TargetDraft(provider, price, of100, latency, able, region, weight, priority);
  }

  TargetDraft latency(long millis) {
    Duration prior = Duration.ofMillis(millis);
    return new TargetDraft(provider, price, quality, prior, able, region, weight, priority);
  }

  TargetDraft able(Capabilities capabilities) {
    return new TargetDraft(
        provider, price, quality, latency, capabilities, region, weight, priority);
  }

  TargetDraft region(String name) {
    return new TargetDraft(provider, price, quality, latency, able, name, weight, priority);
  }

  TargetDraft weight(int part) {
    return new TargetDraft(provider, price, quality, latency, able, region, part, priority);
  }

  TargetDraft priority(int order) {
    return new TargetDraft(provider, price, quality, latency, able, region, weight, order);
  }

  RouteEntry.Target target() {
    return new RouteEntry.Target("ai", provider, "gpt-4o", weight, priority);
  }

  ProviderEntry entry() {
    ProviderEntry like = Configurations.provider(provider);
    ModelEntry model = new ModelEntry("gpt-4o", prices(), able, quality, latency);
    return new ProviderEntry(
        like.namespace(),
        like.name(),
        like.generation(),
        like.dialect(),
        like.endpoint(),
        like.credentials(),
        region,
        List.of(model),
        like.timeouts(),
        like.breaker(),
        like.maxConcurrent(),
        like.queue(),
        like.requests(),
        like.tokens(),
        like.caCertificates(),
        like.insecureSkipVerify());
  }

  private List<PriceList> prices() {
    if (price == 0) {
      return List.of();
    }
    return List.of(
        new PriceList(
            "v1",
            Instant.EPOCH,
            new PriceList.TokenPrices(price, price, price, price, price, price, price, price),
            new PriceList.UnitPrices(0, 0, 0, 0),
            100,
            List.of()));
  }
}
