package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.QuotaPolicySpec;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.QuotaEntry;

/// Judges a QuotaPolicy.
final class QuotaResolver {

  Judgement resolve(QuotaPolicy quota) {
    Findings findings = new Findings(Kind.QUOTA_POLICY, quota);
    QuotaPolicySpec spec = quota.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing");
    }
    findings.notInForce("spec.requests", spec.requests() != null);
    findings.notInForce("spec.tokens", spec.tokens() != null);
    findings.notInForce("spec.credits", spec.credits() != null);
    findings.notInForce("spec.budgets", !spec.budgets().isEmpty());
    findings.notInForce(
        "spec.onRedisUnavailable",
        spec.onRedisUnavailable() != QuotaPolicySpec.OnRedisUnavailable.LOCAL_SHARE);
    return findings.judge(
        () ->
            new QuotaEntry(
                findings.namespace(),
                findings.name(),
                findings.generation(),
                spec.subject().dimensions(),
                Limiting.of(spec.requests()),
                spec.mode() == QuotaPolicySpec.Mode.SHADOW));
  }
}
