package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RateLimit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A key of alice's in project search, of which a test says only what it is about.
public record KeyDraft(
    String name,
    String user,
    String project,
    List<String> models,
    List<RateLimit> requests,
    List<RateLimit> tokens,
    List<BudgetEntry> budgets,
    int maxConcurrent,
    boolean prepaid) {

  public static KeyDraft of(String name) {
    return new KeyDraft(
        name, "alice", "search", List.of(), List.of(), List.of(), List.of(), 0, false);
  }

  public KeyDraft countingFor(String otherUser, String otherProject) {
    return new KeyDraft(
        name, otherUser, otherProject, models, requests, tokens, budgets, maxConcurrent, prepaid);
  }

  public KeyDraft models(String... permitted) {
    return new KeyDraft(
        name, user, project, List.of(permitted), requests, tokens, budgets, maxConcurrent, prepaid);
  }

  public KeyDraft requests(RateLimit... limits) {
    return new KeyDraft(
        name, user, project, models, List.of(limits), tokens, budgets, maxConcurrent, prepaid);
  }

  public KeyDraft tokens(RateLimit... limits) {
    return new KeyDraft(
        name, user, project, models, requests, List.of(limits), budgets, maxConcurrent, prepaid);
  }

  /// With a budget of a day in UTC.
  public KeyDraft budget(BudgetEntry.Action action, long picoDollars, String degradeTo) {
    BudgetEntry budget =
        new BudgetEntry(
            picoDollars, BudgetEntry.Window.DAY, "UTC", action, degradeTo, List.of(80, 95));
    return new KeyDraft(
        name, user, project, models, requests, tokens, List.of(budget), maxConcurrent, prepaid);
  }

  public KeyDraft maxConcurrent(int most) {
    return new KeyDraft(name, user, project, models, requests, tokens, budgets, most, prepaid);
  }

  public KeyDraft spendingTopUps() {
    return new KeyDraft(
        name, user, project, models, requests, tokens, budgets, maxConcurrent, true);
  }

  public KeyEntry entry() {
    return new KeyEntry(
        "ai",
        name,
        1,
        List.of(new KeyEntry.Hash(Configurations.sha256(name), Optional.empty())),
        user,
        project,
        models,
        requests,
        tokens,
        budgets,
        prepaid,
        maxConcurrent,
        false,
        Optional.empty());
  }

  /// The key as this configuration has it.
  public CompiledKey in(CompiledConfiguration configuration) {
    return configuration
        .keys()
        .candidates(HexFormat.of().parseHex(Configurations.sha256(name)))
        .getFirst();
  }
}
