package ai.oneflow.gateway.telemetry;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// The page that Prometheus reads: the gateway's own metrics, and Micrometer's of the process.
///
/// The registry is made at the first scrape: its classes would cost the start some hundred
/// milliseconds. So collections before the first scrape are missing from `jvm_gc_pause_seconds`.
/// Takes milliseconds; never call it on an event loop that serves requests.
public final class Scrape {
  /// Prometheus's own text format.
  public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /// OpenMetrics, which Prometheus asks for by default.
  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final GatewayMetrics metrics;
  private @Nullable PrometheusMeterRegistry registry;

  public Scrape(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  /// All metrics as they are now, in one of the two formats.
  public synchronized byte[] take(String contentType) {
    ByteArrayOutputStream page = new ByteArrayOutputStream(32 << 10);
    try {
      registry().scrape(page, contentType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toByteArray();
  }

  private PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry made = registry;
    if (made == null) {
      made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      made.getPrometheusRegistry().register(new GatewayCollector(metrics));
      bindProcess(made);
      registry = made;
    }
    return made;
  }

  /// The listeners of garbage collection live as long as the process.
  @SuppressWarnings("resource")
  private static void bindProcess(PrometheusMeterRegistry registry) {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }
}
