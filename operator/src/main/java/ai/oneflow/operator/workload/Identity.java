package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.Map;

/// Who the pods are, and whom they believe.
final class Identity {
  static final String AUTHORITY_FILE = "ca.crt";

  private Identity() {}

  /// Has no rights; a pod proves by it which LLMGateway it is of, with a token for that alone.
  static ServiceAccount serviceAccount(LLMGateway gateway) {
    return new ServiceAccountBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  static ConfigMap authority(LLMGateway gateway, Ground ground) {
    return new ConfigMapBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withData(Map.of(AUTHORITY_FILE, ground.authority()))
        .build();
  }
}
