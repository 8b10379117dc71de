package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.UsageReport;
import ai.oneflow.gateway.ledger.sql.UsageReport.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A report in columns, with its total.
final class ReportTable {
  private static final String GAP = "   ";

  private ReportTable() {}

  static String render(UsageReport report) {
    List<List<String>> lines = new ArrayList<>();
    String group = report.group().label().toUpperCase(Locale.ROOT);
    lines.add(List.of(group, "REQUESTS", "INPUT", "OUTPUT", "CREDITS", "NOT PRICED"));
    report.rows().forEach(row -> lines.add(cells(row)));
    lines.add(cells(ReportFormat.total(report)));

    int[] widths = widths(lines);
    StringBuilder table = new StringBuilder();
    for (List<String> line : lines) {
      append(table, line, widths);
    }
    return table.toString();
  }

  private static List<String> cells(Row row) {
    return List.of(
        shown(row.group()),
        String.valueOf(row.requests()),
        row.inputTokens().toString(),
        row.outputTokens().toString(),
        ReportFormat.credits(row.picoDollars()),
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

  private static void append(StringBuilder table, List<String> line, int[] widths) {
    table.append(line.getFirst()).repeat(' ', widths[0] - line.getFirst().length());
    for (int i = 1; i < widths.length; i++) {
      String cell = line.get(i);
      table.append(GAP).repeat(' ', widths[i] - cell.length()).append(cell);
    }
    table.append('\n');
  }
}
