package ai.oneflow.gateway.health;

import ai.oneflow.gateway.health.TargetHealth.Settings;
import ai.oneflow.snapshot.Credential;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// All that this gateway has seen of its targets, who is under way at its providers, and what is
/// left of the retries of its policies. It outlives changes of configuration: a target that stays
/// the same stays known, and one whose settings change begins anew.
public final class HealthBook {
  private final Map<Target, TargetHealth> targets = new ConcurrentHashMap<>();
  private final Map<Target, CredentialPool> pools = new ConcurrentHashMap<>();
  private final Map<String, Bulkhead> bulkheads = new ConcurrentHashMap<>();
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  public HealthBook() {
    this(System::nanoTime);
  }

  /// @param nanos such as [System#nanoTime()]
  public HealthBook(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// A model of a provider.
  ///
  /// @param provider `namespace/name`
  /// @param model as the provider calls it
  public record Target(String provider, String model) {}

  /// The next edition of the book. Until it is kept nothing of it is in the book: a configuration
  /// that is refused changes nothing.
  public Draft draft() {
    return new Draft();
  }

  /// What becomes of a provider's credentials when it is told these.
  public Succession.Line succession(Succession.Line former, List<Credential> credentials) {
    return former.changedTo(credentials, nanos.getAsLong());
  }

  /// The room of a provider: always the same one, so that what is under way counts on while its
  /// bounds change.
  ///
  /// @param provider `namespace/name`
  public Bulkhead bulkhead(String provider) {
    return bulkheads.computeIfAbsent(provider, _ -> new Bulkhead());
  }

  /// Of all targets.
  public Map<Target, TargetHealth> all() {
    return Map.copyOf(targets);
  }

  /// Of all targets.
  public Map<Target, CredentialPool> pools() {
    return Map.copyOf(pools);
  }

  /// Where credentials that were changed are refused.
  public Map<Target, List<CredentialPool.Takeover>> takeovers() {
    long now = nanos.getAsLong();
    Map<Target, List<CredentialPool.Takeover>> takeovers = new HashMap<>();
    pools.forEach(
        (target, pool) -> {
          List<CredentialPool.Takeover> some = pool.takeovers(now);
          if (!some.isEmpty()) {
            takeovers.put(target, some);
          }
        });
    return takeovers;
  }

  /// By provider.
  public Map<String, Bulkhead> bulkheads() {
    return Map.copyOf(bulkheads);
  }

  /// What of the book stays under another configuration, and what is new. Not thread-safe; of
  /// several the one that is kept last is in force.
  public final class Draft {
    private final Map<Target, TargetHealth> healths = new HashMap<>();
    private final Map<Target, CredentialPool> credentials = new HashMap<>();
    private final Map<String, RetryBudget> retries = new HashMap<>();

    private Draft() {}

    /// What is known of the target; nothing where its settings have changed.
    public TargetHealth of(Target target, Settings settings) {
      return healths.compute(
          target,
          (_, drafted) -> {
            TargetHealth known = drafted == null ? targets.get(target) : drafted;
            return known != null && known.settings().equals(settings)
                ? known
                : new TargetHealth(settings, nanos);
          });
    }

    /// The credentials that the target is called with. What is known of one outlives those beside
    /// it.
    public CredentialPool pool(Target target, Succession.Line line) {
      return credentials.computeIfAbsent(
          target,
          _ -> {
            CredentialPool known = pools.get(target);
            if (known == null) {
              return new CredentialPool(line, nanos.getAsLong());
            }
            return known.line().equals(line) ? known : known.changedTo(line, nanos.getAsLong());
          });
    }

    /// What is left of the retries of a policy.
    ///
    /// @param policy `namespace/name`
    /// @param percent of its requests
    public RetryBudget retries(String policy, int percent) {
      return retries.computeIfAbsent(
          policy,
          _ -> {
            RetryBudget known = budgets.get(policy);
            return known != null && known.percent() == percent
                ? known
                : new RetryBudget(percent, nanos);
          });
    }

    /// From now on this is the book: all else is forgotten, but for providers that have requests
    /// under way.
    ///
    /// @param providers that are served, each `namespace/name`
    public void keep(Collection<String> providers) {
      keep(targets, healths);
      keep(pools, credentials);
      keep(budgets, retries);
      bulkheads
          .entrySet()
          .removeIf(known -> !providers.contains(known.getKey()) && known.getValue().isIdle());
    }

    private static <K, V> void keep(Map<K, V> book, Map<K, V> drafted) {
      book.putAll(drafted);
      book.keySet().retainAll(drafted.keySet());
    }
  }
}
