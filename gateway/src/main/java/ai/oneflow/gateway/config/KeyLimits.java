package ai.oneflow.gateway.config;

import ai.oneflow.gateway.quota.Limit;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;

/// All limits that a key's requests fall under, by where they go: some speak of models and
/// providers. They are worked out when a key first asks for a target, and then looked up.
/// Thread-safe.
public final class KeyLimits {
  private final Function<CompiledTarget, List<Limit>> compile;
  private volatile IdentityHashMap<CompiledTarget, List<Limit>> known = new IdentityHashMap<>();

  KeyLimits(Function<CompiledTarget, List<Limit>> compile) {
    this.compile = compile;
  }

  /// In no particular order; each counter once.
  public List<Limit> of(CompiledTarget target) {
    List<Limit> limits = known.get(target);
    return limits != null ? limits : learn(target);
  }

  private synchronized List<Limit> learn(CompiledTarget target) {
    List<Limit> limits = known.get(target);
    if (limits == null) {
      limits = List.copyOf(compile.apply(target));
      IdentityHashMap<CompiledTarget, List<Limit>> more = new IdentityHashMap<>(known);
      more.put(target, limits);
      known = more;
    }
    return limits;
  }
}
