package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.UsageReport;
import ai.oneflow.gateway.ledger.sql.UsageReport.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A report in columns, with its total.
final class ReportTable {
  private static final String GAP = "   ";

  private ReportTable() {}

  static String render(UsageReport report) {
    List<List<String>> lines = new ArrayList<>();
    int groups = report.groups().size();
    List<String> heads =
        report.groups().stream().map(group -> group.label().toUpperCase(Locale.ROOT)).toList();
    lines.add(line(heads, List.of("REQUESTS", "INPUT", "OUTPUT", "CREDITS", "NOT PRICED")));
    for (Row row : report.rows()) {
      lines.add(line(row.values().stream().map(ReportTable::shown).toList(), numbers(row)));
    }
    List<String> total = new ArrayList<>(Collections.nCopies(groups, ""));
    total.set(0, "total");
    lines.add(line(total, numbers(report.total())));

    int[] widths = widths(lines);
    StringBuilder table = new StringBuilder();
    for (List<String> line : lines) {
      append(table, line, widths, groups);
    }
    return table.toString();
  }

  private static List<String> line(List<String> groups, List<String> numbers) {
    return Stream.concat(groups.stream(), numbers.stream()).toList();
  }

  private static List<String> numbers(Row row) {
    return List.of(
        String.valueOf(row.requests()),
        row.inputTokens().toString(),
        row.outputTokens().toString(),
        Amount.credits(row.picoDollars()),
        String.valueOf(row.notPriced()));
  }

  /// A name must not move the cursor of the person who reads it.
  private static String shown(String name) {
    return name.isEmpty() ? "(none)" : name.replaceAll("\\p{Cntrl}", "?");
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  /// Names on the left, numbers on the right.
  private static void append(StringBuilder table, List<String> line, int[] widths, int names) {
    for (int i = 0; i < widths.length; i++) {
      String cell = line.get(i);
      int blanks = widths[i] - cell.length();
      table.append(i == 0 ? "" : GAP).repeat(' ', i < names ? 0 : blanks).append(cell);
      table.repeat(' ', i < names ? blanks : 0);
    }
    table.append('\n');
  }
}
