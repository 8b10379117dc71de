package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import ai.oneflow.tests.chaos.LedgerRows.Row;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A run in a table for a person: what was planned, how often it came to a call of the provider,
/// and what the ledger says of it.
final class Summary {
  private Summary() {}

  static String of(List<Evidence> evidence, Duration took) {
    Map<Fault, List<Evidence>> byFault =
        evidence.stream().collect(groupingBy(one -> one.planned().fault(), TreeMap::new, toList()));
    StringBuilder text = new StringBuilder();
    line(text, "fault", evidence.size() + " requests", "called", "charged", "in the ledger");
    byFault.forEach((fault, of) -> line(text, fault.name().toLowerCase(Locale.ROOT), of));
    line(text, "all", evidence);
    Map<String, Long> uncalled =
        evidence.stream()
            .filter(one -> one.received().isEmpty())
            .map(one -> one.seen().ending() + " " + one.seen().status() + one.seen().error())
            .collect(groupingBy(how -> how, TreeMap::new, counting()));
    text.append("no provider was called, and the caller saw: ").append(uncalled);
    return text.append("\nin ").append(took.toSeconds()).append(" s").toString();
  }

  private static void line(StringBuilder text, String fault, List<Evidence> evidence) {
    List<Row> rows = evidence.stream().flatMap(one -> one.rows().stream()).toList();
    line(
        text,
        fault,
        String.valueOf(evidence.size()),
        String.valueOf(evidence.stream().mapToInt(one -> one.received().size()).sum()),
        String.valueOf(rows.stream().filter(row -> row.picoDollars() > 0).count()),
        rows.stream().collect(groupingBy(Row::outcome, TreeMap::new, counting())).toString());
  }

  private static void line(StringBuilder text, String... cells) {
    text.append("%-24s %15s %7s %8s  %s%n".formatted((Object[]) cells));
  }
}
