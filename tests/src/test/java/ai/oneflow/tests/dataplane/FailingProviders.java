package ai.oneflow.tests.dataplane;

import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Providers p0, p1 and so on that are to fail, and routes to all of them.
final class FailingProviders {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private FailingProviders() {}

  /// One at each of these places, with a breaker, that serves each of the models.
  static List<Entry> at(List<URI> places, List<String> models, long picoDollars) {
    List<ModelEntry> served =
        models.stream().map(model -> Configurations.model(model, picoDollars)).toList();
    List<Entry> entries = new ArrayList<>();
    for (URI place : places) {
      entries.add(
          Configurations.withBreaker(
              Configurations.provider("p" + entries.size(), place, served, PATIENCE)));
    }
    return entries;
  }

  /// The same, whose breakers probe so soon.
  static List<Entry> at(List<URI> places, List<String> models, long picoDollars, Duration openFor) {
    return at(places, models, picoDollars).stream()
        .<Entry>map(entry -> Configurations.triedAgainAfter((ProviderEntry) entry, openFor))
        .toList();
  }

  /// By chance to any of so many of them, and to all the others where that one fails.
  static RouteEntry route(String name, int providers, String model, Retry retry) {
    RouteEntry.Selection plain = RouteEntry.Selection.by(Strategy.WEIGHTED, Unpriced.REFUSE);
    RouteEntry.Selection all =
        new RouteEntry.Selection(
            plain.strategy(),
            plain.weights(),
            plain.require(),
            providers - 1,
            plain.sticky(),
            plain.overridable(),
            plain.unpriced());
    return new RouteEntry(
        "ai", name, 1, List.of(name), targets(providers, model), all, retry, false);
  }

  /// By chance to any of so many of them, with as many attempts and fallbacks as where nothing is
  /// said of them.
  static RouteEntry plainRoute(String name, int providers, String model) {
    return new RouteEntry(
        "ai",
        name,
        1,
        List.of(name),
        targets(providers, model),
        RouteEntry.Selection.by(Strategy.WEIGHTED, Unpriced.REFUSE),
        Retry.DEFAULT,
        false);
  }

  private static List<RouteEntry.Target> targets(int providers, String model) {
    return IntStream.range(0, providers)
        .mapToObj(i -> new RouteEntry.Target("ai", "p" + i, model, 1, 0))
        .toList();
  }
}
