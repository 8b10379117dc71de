package ai.oneflow.tests.chaos;

import ai.oneflow.tests.chaos.LedgerRows.Row;
import ai.oneflow.tests.chaos.Seen.Ending;
import java.util.ArrayList;
import java.util.List;

/// Compares what the witnesses of a request say with the contract and with each other.
final class Judge {
  private Judge() {}

  /// What is wrong, in words; empty: all agree.
  static List<String> breaches(Evidence evidence) {
    List<String> breaches = new ArrayList<>();
    int reached = evidence.received().size();
    int lines = evidence.rows().size();
    if (reached > 1) {
      breaches.add("a provider was called %d times for a single request".formatted(reached));
    }
    if (reached == 0) {
      unreached(evidence, breaches);
    } else if (lines != reached) {
      breaches.add("%d lines in the ledger for %d calls of a provider".formatted(lines, reached));
    } else if (lines == 1) {
      compare(evidence, breaches);
    }
    evidence.rows().stream()
        .filter(row -> row.picoDollars() != price(row))
        .map(row -> "charged %d for what costs %d".formatted(row.picoDollars(), price(row)))
        .forEach(breaches::add);
    return breaches;
  }

  /// A call may have ended before the provider had read it, which the gateway cannot know.
  private static void unreached(Evidence evidence, List<String> breaches) {
    if (evidence.rows().size() > 1) {
      breaches.add(evidence.rows().size() + " lines in the ledger for a single request");
    }
    for (Row row : evidence.rows()) {
      if (row.output() > 0 || row.outcome().equals("completed")) {
        breaches.add("a line tells of an answer, though no provider was asked");
      }
    }
    if (evidence.seen().ending() == Ending.WHOLE && evidence.seen().error().isEmpty()) {
      breaches.add("a caller was answered, though no provider was asked");
    }
  }

  private static void compare(Evidence evidence, List<String> breaches) {
    Row row = evidence.rows().getFirst();
    List<Expectation> expected = Contract.expected(evidence);
    if (expected.stream().noneMatch(one -> one.allows(row))) {
      breaches.add("the contract allows only " + expected);
    }
    if (evidence.seen().ending() == Ending.SILENT) {
      breaches.add("the caller was left waiting");
    }
    if (evidence.seen().ending() == Ending.BROKEN && !evidence.interrupted()) {
      breaches.add("the caller's connection ended before an answer or an error");
    }
  }

  private static long price(Row row) {
    return (row.input() - row.cached()) * Manifests.INPUT_PICO_DOLLARS
        + row.cached() * Manifests.CACHED_PICO_DOLLARS
        + row.output() * Manifests.OUTPUT_PICO_DOLLARS;
  }
}
