package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.RetryBudget;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.snapshot.Dialect;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Selection;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes routes ready: those of policies by their public names, and to each model of a provider one
/// by which callers address it directly.
final class RouteCompiler {
  /// What holds where no policy says anything.
  private static final Selection PLAIN = Selection.by(Strategy.BALANCED, Unpriced.REFUSE);

  private final HealthBook.Draft health;
  private final Map<EntryKey, CompiledProvider> providers;

  /// @param health of what is served, which takes down what the routes need
  /// @param providers of the snapshot, which are all there before the first route
  RouteCompiler(HealthBook.Draft health, Map<EntryKey, CompiledProvider> providers) {
    this.health = health;
    this.providers = providers;
  }

  /// Those of a policy, by public name.
  ///
  /// @throws IllegalArgumentException where one cannot be served; the message says why
  Map<String, CompiledRoute> of(RouteEntry entry) {
    RetryBudget retries = retries(entry.namespace() + "/" + entry.name(), entry.retry());
    Map<String, CompiledRoute> routes = new HashMap<>();
    for (String model : entry.models()) {
      List<CompiledTarget> targets =
          entry.targets().stream().map(target -> target(model, target)).toList();
      routes.put(
          model,
          new CompiledRoute(entry.selection(), entry.retry(), retries, targets, entry.readsOn()));
    }
    return routes;
  }

  /// Those to the models of a provider, by `namespace/provider/model`.
  Map<String, CompiledRoute> direct(CompiledProvider provider) {
    ProviderEntry entry = provider.entry();
    // A policy has no such name.
    RetryBudget retries = retries("direct " + provider.label(), Retry.DEFAULT);
    Map<String, CompiledRoute> routes = new HashMap<>();
    for (ModelEntry model : entry.models()) {
      RouteEntry.Target to =
          new RouteEntry.Target(entry.namespace(), entry.name(), model.name(), 1, 1);
      CompiledTarget target = target(entry.name() + "/" + model.name(), to);
      routes.putIfAbsent(
          provider.label() + "/" + model.name(),
          new CompiledRoute(PLAIN, Retry.DEFAULT, retries, List.of(target), false));
    }
    return routes;
  }

  private RetryBudget retries(String name, Retry retry) {
    return health.retries(name, retry.budgetPercent());
  }

  private CompiledTarget target(String publicModel, RouteEntry.Target target) {
    CompiledProvider provider = providers.get(target.provider());
    if (provider == null) {
      throw new IllegalArgumentException(target.provider() + " is not in the snapshot");
    }
    List<ModelEntry> named =
        provider.entry().models().stream()
            .filter(model -> model.name().equals(target.model()))
            .toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(target.provider() + " has no model " + target.model());
    }
    ModelEntry model = named.getFirst();
    return new CompiledTarget(
        provider,
        publicModel,
        model.name(),
        PriceBook.of(model.prices()),
        tokens(provider.entry(), model),
        ways(publicModel, target),
        merits(provider, model, target));
  }

  /// Who declares that a provider speaks OpenAI's dialect, and not something like it, says that
  /// it keeps to all lengths of that dialect.
  private static ModelTokens tokens(ProviderEntry provider, ModelEntry model) {
    ModelTokens tokens =
        ModelTokens.of(
            model.name(),
            model.capabilities().contextWindow(),
            model.capabilities().maxOutputTokens());
    return provider.dialect() == Dialect.OPENAI ? tokens.keepingToNewLength() : tokens;
  }

  private CompiledTarget.Merits merits(
      CompiledProvider compiled, ModelEntry model, RouteEntry.Target target) {
    String provider = target.providerNamespace() + "/" + target.providerName();
    HealthBook.Target of = new HealthBook.Target(provider, model.name());
    return new CompiledTarget.Merits(
        model.capabilities(),
        model.quality(),
        target.weight(),
        target.priority(),
        Hash.of(provider + "/" + model.name()),
        health.of(of, settings(compiled.entry(), model)),
        health.pool(of, compiled.credentials()));
  }

  private static TargetHealth.Settings settings(ProviderEntry entry, ModelEntry model) {
    ProviderEntry.Breaker breaker = entry.breaker();
    return new TargetHealth.Settings(
        model.latencyPrior(), breaker.faults(), breaker.openFor(), breaker.probes());
  }

  private static Map<Surface, Destination> ways(String publicModel, RouteEntry.Target target) {
    Map<Surface, Destination> ways = new EnumMap<>(Surface.class);
    for (Surface surface : Surface.values()) {
      ways.put(
          surface,
          new Destination(
              surface.label(),
              publicModel,
              target.providerNamespace(),
              target.providerName(),
              target.model()));
    }
    return ways;
  }
}
