package ai.oneflow.gateway.config.push;

import ai.oneflow.gateway.health.CredentialPool.Takeover;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.RefusedCredentials;
import ai.oneflow.snapshot.RefusedCredentials.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the operator is to be told of credentials that were changed and are refused: all of them,
/// whenever that is something new. Confined to the thread of [PushClient].
final class CredentialReports {
  private final HealthBook health;
  private List<Refused> told = List.of();

  CredentialReports(HealthBook health) {
    this.health = health;
  }

  /// There is a new connection, whose other end knows of none.
  void connected() {
    told = List.of();
  }

  /// What to say in this round. It counts as told.
  Optional<RefusedCredentials> take() {
    List<Refused> now = refused();
    if (now.equals(told)) {
      return Optional.empty();
    }
    told = now;
    return Optional.of(new RefusedCredentials(now));
  }

  /// In the order of providers and places. Each model of a provider finds out for itself; the one
  /// before serves on where it does so for all of them.
  private List<Refused> refused() {
    Map<String, Map<Integer, Boolean>> byProvider = new TreeMap<>();
    health
        .takeovers()
        .forEach(
            (target, takeovers) -> {
              for (Takeover takeover : takeovers) {
                byProvider
                    .computeIfAbsent(target.provider(), _ -> new TreeMap<>())
                    .merge(takeover.place(), takeover.formerServes(), Boolean::logicalAnd);
              }
            });
    List<Refused> refused = new ArrayList<>();
    byProvider.forEach(
        (label, places) -> {
          String[] provider = label.split("/", 2);
          places.forEach(
              (place, serves) -> refused.add(new Refused(provider[0], provider[1], place, serves)));
        });
    return List.copyOf(refused.subList(0, Math.min(refused.size(), RefusedCredentials.MOST)));
  }
}
