package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicySpec;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.RateLimit;
import java.util.List;

/// Judges a QuotaPolicy. One that names a provider which is not there says so and stays in force:
/// it limits nothing that is not there, and all else as before.
final class QuotaResolver {
  private final List<LLMProvider> providers;
  private final Grants grants;

  QuotaResolver(List<LLMProvider> providers, Grants grants) {
    this.providers = providers;
    this.grants = grants;
  }

  Judgement resolve(QuotaPolicy quota) {
    Findings findings = new Findings(Kind.QUOTA_POLICY, quota);
    QuotaPolicySpec spec = quota.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing");
    }
    List<RateLimit> credits = Amounts.credits(findings, "spec.credits", spec.credits());
    List<BudgetEntry> budgets = Amounts.budgets(findings, spec.budgets());
    boolean wellFormed = findings.none();
    lookForProvider(findings, spec.subject());
    return wellFormed
        ? findings.judgeInPart(
            () ->
                new QuotaEntry(
                    findings.namespace(),
                    findings.name(),
                    findings.generation(),
                    spec.subject().dimensions(),
                    Limiting.of(spec.requests()),
                    Limiting.of(spec.tokens()),
                    credits,
                    budgets,
                    QuotaEntry.OnUnavailable.valueOf(spec.onRedisUnavailable().name()),
                    spec.mode() == QuotaPolicySpec.Mode.SHADOW))
        : findings.without();
  }

  private void lookForProvider(Findings findings, QuotaPolicySpec.Subject subject) {
    String name = subject.provider();
    if (name != null
        && !name.equals("*")
        && providers.stream().noneMatch(p -> isMeant(findings, p, name))) {
      findings.problem(
          ConditionReason.PROVIDER_NOT_FOUND,
          "spec.subject.provider: no LLMProvider "
              + name
              + " exists that namespace "
              + findings.namespace()
              + " may point to");
    }
  }

  private boolean isMeant(Findings findings, LLMProvider provider, String name) {
    return provider.getMetadata().getName().equals(name)
        && provider.getSpec() != null
        && grants.permits(
            provider.getSpec().allowedNamespaces(),
            provider.getMetadata().getNamespace(),
            findings.namespace());
  }
}
