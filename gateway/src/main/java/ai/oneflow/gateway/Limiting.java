package ai.oneflow.gateway;

import ai.oneflow.gateway.quota.Credits;
import ai.oneflow.gateway.quota.CurrentQuotas;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import ai.oneflow.gateway.warning.Warnings;
import ai.oneflow.snapshot.GatewayEntry;
import java.time.InstantSource;

/// The counters of a gateway, where configuration says they are, and who is told when budgets near
/// their end.
final class Limiting implements AutoCloseable {
  private final Warnings warnings;
  private final CurrentQuotas quotas;

  Limiting(GatewayMetrics metrics) {
    warnings = new Warnings(metrics::crossed);
    quotas = new CurrentQuotas(new MemoryQuotas(InstantSource.system(), warnings));
  }

  Quotas quotas() {
    return quotas;
  }

  Credits credits() {
    return key -> 0;
  }

  /// A configuration is about to be in force.
  void configure(GatewayEntry gateway) {
    warnings.configure(gateway.webhook());
  }

  @Override
  public void close() {
    quotas.close();
    warnings.close();
  }
}
