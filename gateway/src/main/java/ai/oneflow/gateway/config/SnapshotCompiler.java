package ai.oneflow.gateway.config;

import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.RouteEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a snapshot ready for the request path, or says which entries cannot be served and why.
/// Every entry is looked at, so that one refusal names all that is wrong.
public final class SnapshotCompiler {

  /// What became of a snapshot.
  public sealed interface Result {
    record Compiled(CompiledConfiguration configuration) implements Result {}

    record Refused(List<Refusal> refusals) implements Result {}
  }

  private final ProviderCompiler providers;
  private final HealthBook health;

  /// @param health what is known of the targets that were served before
  public SnapshotCompiler(HealthBook health) {
    this.providers = new ProviderCompiler(health);
    this.health = health;
  }

  /// Compiles; what did not change since `former` is taken from there.
  public Result compile(GatewaySnapshot snapshot, Optional<CompiledConfiguration> former) {
    Work work = new Work(former);
    snapshot.entries().values().forEach(work::take);
    GatewayEntry gateway = work.gateway;
    if (gateway == null) {
      work.refusals.add(
          new Refusal(
              Optional.empty(),
              "the snapshot holds no LLMGateway, so nothing says by which settings to serve"));
    }
    LimitBook limits = work.finish();
    if (!work.refusals.isEmpty() || gateway == null || limits == null) {
      return new Result.Refused(work.refusals);
    }
    work.keep();
    List<String> models = new ArrayList<>(work.byModel.keySet());
    Collections.sort(models);
    return new Result.Compiled(
        new CompiledConfiguration(
            snapshot.version(),
            gateway,
            new KeyTable(work.keys),
            work.byProvider,
            work.byModel,
            work.direct,
            List.copyOf(models),
            limits));
  }

  private final class Work {
    private final Map<EntryKey, CompiledProvider> known;
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<KeyEntry> keyEntries = new ArrayList<>();
    private final List<QuotaEntry> quotas = new ArrayList<>();
    private final List<CompiledKey> keys = new ArrayList<>();
    private final List<RouteEntry> routes = new ArrayList<>();
    private final Map<EntryKey, CompiledProvider> byProvider = new HashMap<>();
    private final Map<String, CompiledRoute> byModel = new HashMap<>();
    private final Map<String, CompiledRoute> direct = new HashMap<>();
    private final HealthBook.Draft draft = health.draft();
    private final RouteCompiler routing = new RouteCompiler(draft, byProvider);
    private @Nullable GatewayEntry gateway;

    Work(Optional<CompiledConfiguration> former) {
      known = former.map(CompiledConfiguration::providers).orElse(Map.of());
    }

    void take(Entry entry) {
      switch (entry) {
        case GatewayEntry settings -> gateway = settings;
        case ProviderEntry provider -> attempt(provider, () -> provider(provider));
        case KeyEntry key -> keyEntries.add(key);
        case RouteEntry route -> routes.add(route);
        case QuotaEntry quota -> quotas.add(quota);
      }
    }

    void attempt(Entry entry, Runnable compile) {
      try {
        compile.run();
      } catch (IllegalArgumentException e) {
        refusals.add(new Refusal(Optional.of(entry.key()), String.valueOf(e.getMessage())));
      }
    }

    /// What refers to other entries, once all of them are there.
    @Nullable LimitBook finish() {
      routes.forEach(route -> attempt(route, () -> route(route)));
      byProvider
          .values()
          .forEach(
              provider -> attempt(provider.entry(), () -> direct.putAll(routing.direct(provider))));
      if (gateway == null) {
        return null;
      }
      LimitCompiler limits =
          new LimitCompiler(
              gateway, quotas, byProvider.values().stream().map(CompiledProvider::entry).toList());
      quotas.forEach(quota -> attempt(quota, () -> limits.check(quota)));
      keyEntries.forEach(key -> attempt(key, () -> key(key, limits)));
      return new LimitBook(limits, keyEntries);
    }

    /// What is in force from now on; a snapshot that is refused changes nothing.
    void keep() {
      Set<String> labels = new HashSet<>();
      for (CompiledProvider provider : byProvider.values()) {
        labels.add(provider.label());
        provider.bulkhead().bound(provider.entry().maxConcurrent(), provider.entry().queue());
      }
      draft.keep(labels);
      providers.keep(byProvider.values().stream().map(CompiledProvider::entry).toList());
    }

    private void provider(ProviderEntry entry) {
      CompiledProvider former = known.get(entry.key());
      byProvider.put(
          entry.key(),
          former != null && former.entry().equals(entry)
              ? former
              : providers.compile(entry, Optional.ofNullable(former)));
    }

    private void key(KeyEntry entry, LimitCompiler compiler) {
      Caller caller = new Caller(entry.namespace(), entry.name(), entry.user(), entry.project());
      ModelPatterns models = new ModelPatterns(entry.models());
      KeyLimits limits = compiler.of(entry, caller);
      for (KeyEntry.Hash hash : entry.hashes()) {
        keys.add(
            new CompiledKey(
                entry.key(),
                HexFormat.of().parseHex(hash.sha256()),
                Math.min(millis(hash.validUntil()), millis(entry.expiresAt())),
                entry.suspended(),
                caller,
                models,
                limits,
                entry.prepaid() ? Optional.of(LimitCompiler.prepaid(entry)) : Optional.empty(),
                LimitCompiler.spend(entry)));
      }
    }

    private static long millis(Optional<Instant> instant) {
      return instant.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    }

    private void route(RouteEntry entry) {
      routing
          .of(entry)
          .forEach(
              (model, route) -> {
                if (byModel.put(model, route) != null) {
                  throw new IllegalArgumentException(
                      "another policy serves the model " + model + " too");
                }
              });
    }
  }
}
