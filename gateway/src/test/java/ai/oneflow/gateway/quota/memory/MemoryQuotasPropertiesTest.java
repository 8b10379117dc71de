package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.QuotasProperties;
import java.time.Instant;

final class MemoryQuotasPropertiesTest extends QuotasProperties {
  private Instant now = Instant.parse("2026-03-10T12:00:00Z");
  private final MemoryQuotas quotas = new MemoryQuotas(() -> now, _ -> {});

  @Override
  protected Quotas quotas() {
    return quotas;
  }

  @Override
  protected long pass(long millis) {
    now = now.plusMillis(millis);
    return now.toEpochMilli();
  }
}
