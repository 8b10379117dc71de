package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ApiKeyStatus;
import ai.oneflow.api.v1alpha1.LLMGatewayStatus;
import ai.oneflow.api.v1alpha1.LLMProviderStatus;
import ai.oneflow.api.v1alpha1.LLMProviderStatus.ModelStatus;
import ai.oneflow.api.v1alpha1.QuotaPolicyStatus;
import ai.oneflow.api.v1alpha1.RoutingPolicyStatus;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.status.Standings.Standing;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.ProviderEntry;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the status of each kind out of a report. Pure.
public final class Statuses {
  private static final Duration TO_THE_MINUTE = Duration.ofMinutes(1);

  private final Report report;
  private final Instant now;

  public Statuses(Report report, Instant now) {
    this.report = report;
    this.now = now;
  }

  private List<Condition> conditions(List<Condition> before) {
    return Conditions.of(report, before, now);
  }

  /// @param breakers a model that is missing there has none in its status
  public LLMProviderStatus provider(
      @Nullable LLMProviderStatus before, Optional<ProviderEntry> entry, Standings breakers) {
    return new LLMProviderStatus(
        report.generation(),
        conditions(before == null ? List.of() : before.conditions()),
        entry.map(e -> e.endpoint().toString()).orElse(null),
        entry
            .map(e -> e.models().stream().map(m -> model(m, breakers.ofModel(m.name()))).toList())
            .orElse(List.of()));
  }

  private ModelStatus model(ModelEntry model, Optional<Standing> standing) {
    String version =
        model.prices().stream()
            .filter(list -> !list.validFrom().isAfter(now))
            .reduce((_, later) -> later)
            .map(PriceList::version)
            .orElse(null);
    return new ModelStatus(
        model.name(),
        standing.map(Standing::breaker).orElse(null),
        standing.map(Standing::openGateways).orElse(null),
        version);
  }

  public RoutingPolicyStatus policy(@Nullable RoutingPolicyStatus before) {
    return new RoutingPolicyStatus(
        report.generation(), conditions(before == null ? List.of() : before.conditions()));
  }

  public QuotaPolicyStatus quota(@Nullable QuotaPolicyStatus before) {
    return new QuotaPolicyStatus(
        report.generation(), conditions(before == null ? List.of() : before.conditions()));
  }

  /// @param told what is empty there nobody said yet, and what was said before holds
  public ApiKeyStatus key(
      ApiKey key, @Nullable ApiKeyStatus before, Optional<Secret> secret, Spends.Told told) {
    Optional<Secret> own = secret.filter(s -> KeySecret.isOwned(s, key));
    Optional<KeyHistory> history = own.map(KeyHistory::of);
    return new ApiKeyStatus(
        report.generation(),
        conditions(before == null ? List.of() : before.conditions()),
        own.flatMap(KeySecret::read).map(minted -> minted.shown() + "…").orElse(null),
        KeySecret.nameFor(key),
        history.map(KeyHistory::madeFor).filter(value -> !value.isEmpty()).orElse(null),
        history.map(KeyHistory::mintedAt).orElse(null),
        history.flatMap(h -> h.graceUntil(now)).orElse(null),
        lastUsedAt(before == null ? null : before.lastUsedAt(), told.lastUsed()),
        told.spend().orElse(before == null ? null : before.spend()));
  }

  /// To the minute, or a busy key would have its status written for nothing else.
  private static @Nullable Instant lastUsedAt(@Nullable Instant before, Optional<Instant> told) {
    return told.filter(at -> before == null || !at.isBefore(before.plus(TO_THE_MINUTE)))
        .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
        .orElse(before);
  }

  public LLMGatewayStatus gateway(@Nullable LLMGatewayStatus before, Convergence convergence) {
    return new LLMGatewayStatus(
        report.generation(),
        conditions(before == null ? List.of() : before.conditions()),
        convergence.acknowledged().orElse(before == null ? null : before.snapshot()),
        convergence.gateways(),
        convergence.lasted().orElse(before == null ? null : before.convergence()));
  }
}
