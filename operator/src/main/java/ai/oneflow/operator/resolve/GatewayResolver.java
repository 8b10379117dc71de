package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.api.v1alpha1.PodTemplate;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Judges what an LLMGateway says for all of its pods.
final class GatewayResolver {
  private static final PodTemplate NOTHING =
      new PodTemplate(Map.of(), Map.of(), Map.of(), List.of(), List.of());

  Judgement resolve(LLMGateway gateway) {
    Findings findings = new Findings(Kind.LLM_GATEWAY, gateway);
    LLMGatewaySpec spec = gateway.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing; an empty one, {}, is enough");
    }
    noteWhatIsNotInForce(findings, spec);
    return findings.judge(
        () ->
            new GatewayEntry(
                findings.namespace(),
                findings.name(),
                findings.generation(),
                spec.listener().maxRequestSize().bytes(),
                Limiting.of(spec.defaults().requestsPerUser())));
  }

  private static void noteWhatIsNotInForce(Findings findings, LLMGatewaySpec spec) {
    findings.notInForce("spec.replicas", spec.replicas() != null);
    findings.notInForce("spec.autoscaling", spec.autoscaling() != null);
    findings.notInForce("spec.resources", spec.resources() != null);
    findings.notInForce("spec.listener.port", spec.listener().port() != 8000);
    findings.notInForce("spec.listener.tls", spec.listener().tls() != null);
    findings.notInForce("spec.defaults.requestsPerUser", true);
    findings.notInForce("spec.redis", spec.redis() != null);
    findings.notInForce("spec.ledger", spec.ledger() != null);
    findings.notInForce("spec.jwt", !spec.jwt().isEmpty());
    findings.notInForce("spec.cors", spec.cors() != null);
    findings.notInForce("spec.drain", !spec.drain().deadline().equals(Duration.ofSeconds(60)));
    findings.notInForce("spec.tracing", spec.tracing() != null);
    findings.notInForce("spec.podTemplate", !spec.podTemplate().equals(NOTHING));
  }
}
