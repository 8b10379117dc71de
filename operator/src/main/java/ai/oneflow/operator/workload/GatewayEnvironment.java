package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.api.v1alpha1.Ledger;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The environment of a gateway's process: what it must know before it knows its operator.
final class GatewayEnvironment {
  /// As long as those who send callers here need to learn that a pod is going.
  static final int DRAIN_LAG_SECONDS = 5;

  private final LLMGateway gateway;
  private final Ground ground;
  private final Map<String, EnvVar> variables = new LinkedHashMap<>();

  GatewayEnvironment(LLMGateway gateway, Ground ground) {
    this.gateway = gateway;
    this.ground = ground;
  }

  /// Whole seconds, upwards.
  static long drainSeconds(LLMGatewaySpec spec) {
    return spec.drain().deadline().plusMillis(999).toSeconds();
  }

  /// People's own variables first; those that the operator sets go before theirs of the same name.
  List<EnvVar> variables() {
    LLMGatewaySpec spec = gateway.getSpec();
    spec.podTemplate().env().forEach(this::put);
    put(
        "ONEFLOW_GATEWAY",
        gateway.getMetadata().getNamespace() + "/" + gateway.getMetadata().getName());
    put(
        new EnvVarBuilder()
            .withName("ONEFLOW_INSTANCE")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.name")
            .endValueFrom()
            .build());
    put("ONEFLOW_OPERATOR", ground.pushAddress());
    put("ONEFLOW_PORT", String.valueOf(spec.listener().port()));
    put("ONEFLOW_DRAIN_LAG_SECONDS", String.valueOf(DRAIN_LAG_SECONDS));
    put("ONEFLOW_DRAIN_SECONDS", String.valueOf(drainSeconds(spec)));
    if (spec.ledger() != null) {
      ledger(spec.ledger());
    }
    Collection<EnvVar> all = variables.values();
    return List.copyOf(all);
  }

  private void ledger(Ledger ledger) {
    put("ONEFLOW_LEDGER", ledger.url());
    if (ledger.secretRef() != null) {
      put(
          new EnvVarBuilder()
              .withName("ONEFLOW_LEDGER_PASSWORD")
              .withNewValueFrom()
              .withNewSecretKeyRef(ledger.secretRef().key(), ledger.secretRef().name(), null)
              .endValueFrom()
              .build());
    }
  }

  private void put(String name, String value) {
    put(new EnvVar(name, value, null));
  }

  private void put(EnvVar variable) {
    variables.remove(variable.getName());
    variables.put(variable.getName(), variable);
  }
}
