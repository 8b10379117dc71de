package ai.oneflow.cli;

import ai.oneflow.cli.check.Finding;
import ai.oneflow.cli.check.Level;
import ai.oneflow.cli.show.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/// Findings, written out.
record FindingsReport(List<Finding> findings) {

  long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  /// A line for each, what to do about it below, and the sum.
  String lines() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          "%-9s  %s: %s%n"
              .formatted(
                  finding.level().text(),
                  Table.plain(finding.subject()),
                  Table.plain(finding.words())));
      if (!finding.advice().isEmpty()) {
        text.append(" ".repeat(11)).append("-> ").append(finding.advice()).append('\n');
      }
    }
    return text.append(sum()).append('\n').toString();
  }

  private String sum() {
    return "%d pass, %d warn, %d fail, %d not known"
        .formatted(count(Level.PASS), count(Level.WARN), count(Level.FAIL), count(Level.UNKNOWN));
  }

  /// The same for a program; levels in small letters.
  JsonNode json() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode list = all.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("level", name(finding.level()))
          .put("subject", finding.subject())
          .put("message", finding.words())
          .put("advice", finding.advice());
    }
    ObjectNode counts = all.putObject("counts");
    for (Level level : Level.values()) {
      counts.put(name(level), count(level));
    }
    return all;
  }

  private static String name(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
