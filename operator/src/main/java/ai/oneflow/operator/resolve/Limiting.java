package ai.oneflow.operator.resolve;

import ai.oneflow.api.value.Limits;
import ai.oneflow.snapshot.RateLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings limits from a manifest's words to a gateway's.
final class Limiting {
  private Limiting() {}

  static List<RateLimit> of(@Nullable Limits limits) {
    return limits == null
        ? List.of()
        : limits.all().stream()
            .map(limit -> new RateLimit(limit.amount(), limit.per().window()))
            .toList();
  }
}
