package ai.oneflow.tests.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The table of a page in which each row is a recording, the figures of either side, and why they
/// differ.
final class DisagreementPage {
  private DisagreementPage() {}

  /// Its rows without the reasons, sorted.
  ///
  /// @throws IllegalArgumentException where a row has no reason
  static List<String> rows(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.matches("\\| `[a-z-]+/.*#\\d+` \\|.*"))
        .map(DisagreementPage::withoutReason)
        .sorted()
        .toList();
  }

  private static String withoutReason(String line) {
    String[] cells = line.split("\\|", -1);
    if (cells.length != 6 || cells[4].isBlank()) {
      throw new IllegalArgumentException("a disagreement needs its reason: " + line);
    }
    return "%s | %s | %s".formatted(cells[1].strip(), cells[2].strip(), cells[3].strip());
  }
}
