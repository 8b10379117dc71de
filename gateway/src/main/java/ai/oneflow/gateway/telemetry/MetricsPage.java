package ai.oneflow.gateway.telemetry;

import java.util.Locale;

/// The reference page of the metrics, made from their list.
final class MetricsPage {
  private static final String HEAD =
      """
      # Metrics

      The gateway serves them at `/metrics` on its management port (8001), in Prometheus's text format
      or, if asked for, OpenMetrics. This page is made from the enum `Metric`; a test compares them.

      Labels take their values from configuration and from closed lists, so their number is bounded:
      `gen_ai_operation_name` is the surface (`chat.completions`, `embeddings`, …), `gen_ai_request_model` the
      public model name, `gen_ai_provider_name` the LLMProvider as `namespace/name`, `gen_ai_response_model`
      the provider's name of the model, `code` one of [the error codes](errors.md).

      | name | kind | labels | meaning |
      |---|---|---|---|
      """;
  private static final String TAIL =
      """

      Besides these there are Micrometer's metrics of the process: `jvm_memory_*`, `jvm_gc_*`,
      `jvm_threads_*`, `jvm_classes_*`, `jvm_buffer_*`, `process_cpu_*`, `process_uptime_seconds`,
      `process_start_time_seconds`, `process_files_*`, `system_cpu_*`, `system_load_average_1m`. Garbage collections
      before the first scrape are not counted.
      """;

  private MetricsPage() {}

  static String render() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Metric metric : Metric.values()) {
      page.append("| `").append(metric.exposedName()).append("` | ");
      page.append(metric.kind().name().toLowerCase(Locale.ROOT)).append(" | ");
      page.append(
          metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`");
      page.append(" | ").append(metric.meaning()).append(" |\n");
    }
    return page.append(TAIL).toString();
  }
}
