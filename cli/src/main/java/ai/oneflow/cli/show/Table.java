package ai.oneflow.cli.show;

import java.util.ArrayList;
import java.util.List;

/// Columns as kubectl writes them: heads in capitals, three blanks between, none at the end.
public final class Table {
  private static final String GAP = "   ";
  private static final String NOTHING = "<none>";

  private final List<List<String>> lines = new ArrayList<>();

  public Table(String... heads) {
    lines.add(List.of(heads));
  }

  /// Adds a line; an empty cell is shown as kubectl shows what is not there.
  ///
  /// @throws IllegalArgumentException unless there is a cell for each head
  public void add(String... cells) {
    if (cells.length != lines.getFirst().size()) {
      throw new IllegalArgumentException("a cell for each of " + lines.getFirst() + " is needed");
    }
    List<String> line = new ArrayList<>();
    for (String cell : cells) {
      line.add(cell.isEmpty() ? NOTHING : plain(cell));
    }
    lines.add(line);
  }

  /// A text must not move the cursor of the person who reads it.
  public static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /// The lines, each with its end.
  @Override
  public String toString() {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        row.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length()).append(GAP);
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
