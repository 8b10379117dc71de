package ai.oneflow.tests.fleet;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.QuotaEntry.OnUnavailable;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.tests.dataplane.Configurations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A key with one limit, used up in the run of one blow and in no other.
record Subject(Kind kind, Blow blow) {
  private static final Duration WINDOW = Duration.ofHours(1);

  /// What is limited, to what a tenth of a thousand requests use.
  enum Kind {
    BUDGET(30 * mostPicoDollars(), mostPicoDollars(), "sum(pico_dollars)"),
    PREPAID(30 * mostPicoDollars(), mostPicoDollars(), "sum(pico_dollars)"),
    TOKENS(3_500, 250, "sum(input_tokens + output_tokens)"),
    REQUESTS(100, 1, "count(*)");

    private final long amount;
    private final long mostOfOne;
    private final String used;

    Kind(long amount, long mostOfOne, String used) {
      this.amount = amount;
      this.mostOfOne = mostOfOne;
      this.used = used;
    }

    /// No more than 200 tokens are held for a prompt of two letters, and 50 for its answer.
    private static long mostPicoDollars() {
      return 200 * Configurations.INPUT_PICO_DOLLARS + 50 * Configurations.OUTPUT_PICO_DOLLARS;
    }

    long amount() {
      return amount;
    }

    /// More than is held for a request.
    long mostOfOne() {
      return mostOfOne;
    }

    /// Of the ledger's lines, in SQL.
    String used() {
      return used;
    }
  }

  /// What is prepaid is counted as a budget in total is, so some blows are enough for it.
  private static final Set<Blow> OF_PREPAID =
      Set.of(Blow.NONE, Blow.GATEWAY_KILLED, Blow.REDIS_RESTARTED_WITH_NOTHING);

  static List<Subject> of(Blow blow) {
    List<Subject> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind != Kind.PREPAID || OF_PREPAID.contains(blow)) {
        all.add(new Subject(kind, blow));
      }
    }
    return all;
  }

  /// Of its key, and of the key's user.
  String name() {
    return (kind + "-" + blow).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// A window is not divided while Redis is away, but refuses: otherwise it is no hard limit.
  List<Entry> entries() {
    List<RateLimit> limit = List.of(new RateLimit(kind.amount(), WINDOW));
    return switch (kind) {
      case BUDGET -> List.of(Keys.entry(name(), List.of(Keys.budget(kind.amount()))));
      case PREPAID -> List.of(Keys.prepaid(name()));
      case TOKENS -> List.of(Keys.entry(name(), List.of()), policy(List.of(), limit));
      case REQUESTS -> List.of(Keys.entry(name(), List.of()), policy(limit, List.of()));
    };
  }

  private QuotaEntry policy(List<RateLimit> requests, List<RateLimit> tokens) {
    List<BudgetEntry> none = List.of();
    return new QuotaEntry(
        "ai",
        name(),
        1,
        Map.of("user", name()),
        requests,
        tokens,
        List.of(),
        none,
        OnUnavailable.DENY,
        false);
  }
}
