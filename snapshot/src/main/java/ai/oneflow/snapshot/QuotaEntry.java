package ai.oneflow.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/// A QuotaPolicy: limits on everything that its subject matches.
///
/// @param subject dimension (`user`, `project`, `provider`, `model`, `namespace`) to value; `*`
///     means one counter for each value; empty means everything together
/// @param credits as money: the amounts are pico-dollars, 10¹⁰ a credit
/// @param shadow whether it counts and reports, and refuses nothing
public record QuotaEntry(
    String namespace,
    String name,
    long generation,
    Map<String, String> subject,
    List<RateLimit> requests,
    List<RateLimit> tokens,
    List<RateLimit> credits,
    List<BudgetEntry> budgets,
    OnUnavailable onUnavailable,
    boolean shadow)
    implements Entry {

  public QuotaEntry {
    Require.text("a quota's namespace", namespace);
    Require.text("a quota's name", name);
    Require.atLeast("generation", 0, generation);
    subject = Map.copyOf(subject);
    requests = List.copyOf(requests);
    tokens = List.copyOf(tokens);
    credits = List.copyOf(credits);
    budgets = List.copyOf(budgets);
  }

  /// What to do while the counters cannot be reached.
  public enum OnUnavailable {
    @JsonProperty("Allow")
    ALLOW,
    @JsonProperty("Deny")
    DENY,
    /// Each gateway counts for itself, to the limit divided by the gateways.
    @JsonProperty("LocalShare")
    LOCAL_SHARE
  }
}
