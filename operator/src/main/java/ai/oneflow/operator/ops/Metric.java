package ai.oneflow.operator.ops;

import java.util.Locale;
import java.util.Map;

/// Every metric of the operator, once: its name as Prometheus sees it, its kind and what it means.
/// `docs/reference/operator-metrics.md` is made from here. There are no labels.
public enum Metric {
  LEADING(Kind.GAUGE, "oneflow_operator_leading", "1 while this operator leads, or else 0"),
  STATUSES_WAITING(
      Kind.GAUGE,
      "oneflow_operator_statuses_waiting",
      "Resources whose status is still to be written"),
  STATUS_WRITES(Kind.COUNTER, "oneflow_operator_status_writes_total", "Statuses that were written"),
  STATUS_WRITE_FAILURES(
      Kind.COUNTER,
      "oneflow_operator_status_write_failures_total",
      "Attempts to write a status that failed; each is made again");

  /// Of Prometheus.
  enum Kind {
    COUNTER,
    GAUGE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Kind kind;
  private final String exposedName;
  private final String meaning;

  Metric(Kind kind, String exposedName, String meaning) {
    this.kind = kind;
    this.exposedName = exposedName;
    this.meaning = meaning;
  }

  String exposedName() {
    return exposedName;
  }

  Kind kind() {
    return kind;
  }

  String meaning() {
    return meaning;
  }

  /// In Prometheus's text format, version 0.0.4; what has no value is left out.
  static String page(Map<Metric, Long> values) {
    StringBuilder page = new StringBuilder(512);
    for (Metric metric : values()) {
      Long value = values.get(metric);
      if (value != null) {
        page.append("# HELP %s %s\n".formatted(metric.exposedName, metric.meaning));
        page.append("# TYPE %s %s\n".formatted(metric.exposedName, metric.kind.text()));
        page.append("%s %d\n".formatted(metric.exposedName, value));
      }
    }
    return page.toString();
  }
}
