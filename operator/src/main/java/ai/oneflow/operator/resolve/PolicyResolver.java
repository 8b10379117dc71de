package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicySpec;
import ai.oneflow.api.v1alpha1.Target;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.RouteEntry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// Judges a RoutingPolicy. Targets that lead nowhere are left out and said, the others are served:
/// several targets are there so that one may fail.
final class PolicyResolver {
  private final Map<String, LLMProvider> providers = new HashMap<>();
  private final Grants grants;

  PolicyResolver(List<LLMProvider> providers, Grants grants) {
    this.grants = grants;
    for (LLMProvider provider : providers) {
      this.providers.put(
          provider.getMetadata().getNamespace() + "/" + provider.getMetadata().getName(), provider);
    }
  }

  Judgement resolve(RoutingPolicy policy) {
    Findings findings = new Findings(Kind.ROUTING_POLICY, policy);
    RoutingPolicySpec spec = policy.getSpec();
    if (spec == null || spec.models().isEmpty() || spec.targets().isEmpty()) {
      return findings.withoutSpec("spec needs a model and a target");
    }
    findings.claim(spec.models());
    List<RouteEntry.Target> targets =
        spec.targets().stream()
            .filter(target -> leadsSomewhere(findings, target))
            .map(target -> target(findings, target))
            .toList();
    if (targets.isEmpty()) {
      return findings.without();
    }
    return findings.judgeInPart(
        () ->
            new RouteEntry(
                findings.namespace(),
                findings.name(),
                findings.generation(),
                List.copyOf(new LinkedHashSet<>(spec.models())),
                targets,
                selection(spec),
                retry(spec.retry()),
                spec.onCallerGone() == RoutingPolicySpec.OnCallerGone.DRAIN));
  }

  private static RouteEntry.Selection selection(RoutingPolicySpec spec) {
    RoutingPolicySpec.Weights weights = spec.weights();
    return new RouteEntry.Selection(
        RouteEntry.Strategy.valueOf(spec.strategy().name()),
        new RouteEntry.Weights(weights.cost(), weights.latency(), weights.quality()),
        requirements(spec.require()),
        spec.fallbacks(),
        Optional.ofNullable(spec.sticky()).map(PolicyResolver::sticky),
        spec.overrides() == RoutingPolicySpec.Overrides.ALLOWED,
        RouteEntry.Unpriced.valueOf(spec.unpriced().name()));
  }

  private static RouteEntry.Requirements requirements(RoutingPolicySpec.Requirements require) {
    BigDecimal most = require.maxCostPerRequest();
    return new RouteEntry.Requirements(
        require.regions().stream().distinct().sorted().toList(),
        require.minQuality(),
        most == null ? OptionalLong.empty() : OptionalLong.of(picoDollars(most)));
  }

  /// A bound above all that can be counted is none.
  private static long picoDollars(BigDecimal dollars) {
    return dollars
        .movePointRight(12)
        .setScale(0, RoundingMode.FLOOR)
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static RouteEntry.Sticky sticky(RoutingPolicySpec.Sticky sticky) {
    return new RouteEntry.Sticky(
        RouteEntry.Sticky.By.valueOf(sticky.by().name()),
        Objects.requireNonNullElse(sticky.header(), "").toLowerCase(Locale.ROOT));
  }

  private static RouteEntry.Retry retry(RoutingPolicySpec.Retry retry) {
    return new RouteEntry.Retry(
        retry.attempts(), retry.baseDelay(), retry.maxDelay(), retry.budgetPercent());
  }

  private boolean leadsSomewhere(Findings findings, Target target) {
    String namespace = target.provider().namespaceOr(findings.namespace());
    String id = namespace + "/" + target.provider().name();
    LLMProvider provider = providers.get(id);
    if (provider == null || provider.getSpec() == null) {
      findings.problem(ConditionReason.PROVIDER_NOT_FOUND, "LLMProvider " + id + " does not exist");
      return false;
    }
    if (!grants.permits(provider.getSpec().allowedNamespaces(), namespace, findings.namespace())) {
      findings.problem(
          ConditionReason.REF_NOT_PERMITTED,
          "LLMProvider "
              + id
              + " does not allow namespace "
              + findings.namespace()
              + "; see its spec.allowedNamespaces");
      return false;
    }
    if (provider.getSpec().models().stream().noneMatch(m -> m.name().equals(target.model()))) {
      findings.problem(
          ConditionReason.MODEL_NOT_FOUND,
          "LLMProvider " + id + " does not list model " + target.model());
      return false;
    }
    return true;
  }

  private static RouteEntry.Target target(Findings findings, Target target) {
    return new RouteEntry.Target(
        target.provider().namespaceOr(findings.namespace()),
        target.provider().name(),
        target.model(),
        target.weight(),
        target.priority());
  }
}
