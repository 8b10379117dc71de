package ai.oneflow.gateway.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Gathers the values of one scrape by metric. Not for several threads.
final class Families {
  private final Map<Metric, List<CounterDataPointSnapshot>> counters = new EnumMap<>(Metric.class);
  private final Map<Metric, List<GaugeDataPointSnapshot>> gauges = new EnumMap<>(Metric.class);
  private final Map<Metric, List<HistogramDataPointSnapshot>> histograms =
      new EnumMap<>(Metric.class);
  private final Map<Metric, List<InfoDataPointSnapshot>> infos = new EnumMap<>(Metric.class);

  /// A count is exact up to 2⁵³; Prometheus knows doubles alone.
  void counter(Metric metric, long value, String... labels) {
    counter(metric, (double) value, labels);
  }

  void counter(Metric metric, double value, String... labels) {
    pointsOf(counters, metric)
        .add(new CounterDataPointSnapshot(value, labels(metric, labels), null, 0));
  }

  void gauge(Metric metric, long value, String... labels) {
    gauge(metric, (double) value, labels);
  }

  void gauge(Metric metric, double value, String... labels) {
    pointsOf(gauges, metric).add(new GaugeDataPointSnapshot(value, labels(metric, labels), null));
  }

  void info(Metric metric, String... labels) {
    pointsOf(infos, metric).add(new InfoDataPointSnapshot(labels(metric, labels)));
  }

  void histogram(Metric metric, Histogram histogram, String... labels) {
    pointsOf(histograms, metric)
        .add(
            new HistogramDataPointSnapshot(
                histogram.buckets(), histogram.sum(), labels(metric, labels), Exemplars.EMPTY, 0));
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    counters.forEach((metric, points) -> all.add(new CounterSnapshot(metadata(metric), points)));
    gauges.forEach((metric, points) -> all.add(new GaugeSnapshot(metadata(metric), points)));
    histograms.forEach(
        (metric, points) -> all.add(new HistogramSnapshot(metadata(metric), points)));
    infos.forEach((metric, points) -> all.add(new InfoSnapshot(metadata(metric), points)));
    return new MetricSnapshots(all);
  }

  private static MetricMetadata metadata(Metric metric) {
    return new MetricMetadata(metric.baseName(), metric.meaning());
  }

  private static <T> List<T> pointsOf(Map<Metric, List<T>> byMetric, Metric metric) {
    return byMetric.computeIfAbsent(metric, any -> new ArrayList<>());
  }

  private static Labels labels(Metric metric, String... values) {
    return Labels.of(metric.labels(), Arrays.asList(values));
  }
}
