package ai.oneflow.operator.build;

import ai.oneflow.operator.build.Quarantine.Refused;
import ai.oneflow.operator.resolve.Judgement;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RouteEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Builds the snapshot of one gateway. Lives for one call.
public final class SnapshotBuilder {
  private final GatewayId gateway;
  private final Resolution resolution;
  private final Quarantine quarantine;
  private final Map<EntryKey, Entry> entries = new TreeMap<>();
  private final Map<String, EntryKey> names = new HashMap<>();
  private final Map<EntryKey, Refused> held = new TreeMap<>();
  private final Map<EntryKey, List<String>> waits = new TreeMap<>();
  private final Map<EntryKey, List<String>> conflicts = new TreeMap<>();

  private SnapshotBuilder(GatewayId gateway, Resolution resolution, Quarantine quarantine) {
    this.gateway = gateway;
    this.resolution = resolution;
    this.quarantine = quarantine;
  }

  /// What the pods of `gateway` are to run.
  public static Built build(GatewayId gateway, Resolution resolution, Quarantine quarantine) {
    return new SnapshotBuilder(gateway, resolution, quarantine).build();
  }

  private Built build() {
    // Policies come last, when it is known which providers are there to point to, and the oldest of
    // them first, since it keeps the names that it shares with others.
    List<Judgement> policies = new ArrayList<>();
    for (Judgement judgement : resolution.judgements().values()) {
      if (!resolution.serves(gateway.entryKey(), judgement.key())) {
        continue;
      }
      if (judgement.key().kind() == Kind.ROUTING_POLICY) {
        policies.add(judgement);
      } else {
        judgement.entry().flatMap(this::choose).ifPresent(this::put);
      }
    }
    policies.sort(Comparator.comparing(Judgement::created).thenComparing(Judgement::key));
    for (Judgement policy : policies) {
      // Also one that cannot be served keeps its names: callers must not be led elsewhere
      // meanwhile.
      policy.claims().forEach(name -> names.putIfAbsent(name, policy.key()));
    }
    policies.forEach(policy -> policy.entry().ifPresent(this::addRoute));
    waitForModels();
    return new Built(gateway, GatewaySnapshot.of(entries.values()), held, waits, conflicts);
  }

  /// A budget may lead to a model that is not served yet. It holds meanwhile; where it says to
  /// degrade there is nothing to degrade to.
  private void waitForModels() {
    Set<String> served =
        entries.values().stream()
            .filter(RouteEntry.class::isInstance)
            .flatMap(route -> ((RouteEntry) route).models().stream())
            .collect(Collectors.toSet());
    for (Entry entry : entries.values()) {
      budgets(entry).stream()
          .map(BudgetEntry::degradeTo)
          .filter(model -> !model.isEmpty() && !served.contains(model))
          .forEach(
              model ->
                  say(
                      waits,
                      entry.key(),
                      "waits for gateway "
                          + gateway
                          + " to serve model "
                          + model
                          + ", which a budget degrades to"));
    }
  }

  private static List<BudgetEntry> budgets(Entry entry) {
    return switch (entry) {
      case KeyEntry key -> key.budgets();
      case QuotaEntry quota -> quota.budgets();
      case GatewayEntry _, ProviderEntry _, RouteEntry _ -> List.of();
    };
  }

  private void put(Entry entry) {
    entries.put(entry.key(), entry);
  }

  /// The entry; or what was good before it, where a gateway refused it.
  private Optional<Entry> choose(Entry wanted) {
    Optional<Refused> refused = quarantine.against(wanted);
    if (refused.isEmpty()) {
      return Optional.of(wanted);
    }
    if (wanted instanceof GatewayEntry && refused.get().lastGood().isEmpty()) {
      // No snapshot is without it, so there is nothing else to send.
      return Optional.of(wanted);
    }
    held.put(wanted.key(), refused.get());
    return refused.get().lastGood();
  }

  private void addRoute(Entry entry) {
    fit(entry, true)
        .flatMap(this::choose)
        // What was good once may point to what has gone since.
        .flatMap(chosen -> fit(chosen, false))
        .ifPresent(
            route -> {
              route.models().forEach(name -> names.putIfAbsent(name, route.key()));
              put(route);
            });
  }

  /// The route without the names that an older one holds and without targets that are not there.
  private Optional<RouteEntry> fit(Entry entry, boolean tell) {
    RouteEntry route = (RouteEntry) entry;
    List<String> free = route.models().stream().filter(name -> isFree(route, name, tell)).toList();
    List<RouteEntry.Target> there =
        route.targets().stream().filter(target -> isThere(route, target, tell)).toList();
    if (free.isEmpty() || there.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RouteEntry(
            route.namespace(),
            route.name(),
            route.generation(),
            free,
            there,
            route.selection(),
            route.retry(),
            route.readsOn()));
  }

  private boolean isFree(RouteEntry route, String name, boolean tell) {
    EntryKey owner = names.get(name);
    if (owner == null || owner.equals(route.key())) {
      return true;
    }
    if (tell) {
      say(
          conflicts,
          route.key(),
          "model " + name + " belongs to " + owner + ", which is older, at gateway " + gateway);
    }
    return false;
  }

  private boolean isThere(RouteEntry route, RouteEntry.Target target, boolean tell) {
    EntryKey key = target.provider();
    Optional<String> lack = lack(key, target.model());
    if (tell) {
      lack.ifPresent(words -> say(waits, route.key(), words));
    }
    return lack.isEmpty();
  }

  private Optional<String> lack(EntryKey provider, String model) {
    if (!resolution.serves(gateway.entryKey(), provider)) {
      return Optional.of(
          "waits for gateway " + gateway + " to serve namespace " + provider.namespace());
    }
    if (!(entries.get(provider) instanceof ProviderEntry there)) {
      return Optional.of("waits for " + provider + ", which cannot be served");
    }
    if (there.models().stream().noneMatch(m -> m.name().equals(model))) {
      return Optional.of("waits for " + provider + " to be accepted with model " + model);
    }
    return Optional.empty();
  }

  private static void say(Map<EntryKey, List<String>> where, EntryKey key, String words) {
    List<String> said = where.computeIfAbsent(key, _ -> new ArrayList<>());
    if (!said.contains(words)) {
      said.add(words);
    }
  }
}
