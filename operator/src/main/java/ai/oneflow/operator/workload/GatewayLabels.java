package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.build.GatewayId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How dependents of an LLMGateway are named and known: Kubernetes' recommended labels, and an
/// owner.
public final class GatewayLabels {
  private static final String NAME = "app.kubernetes.io/name";
  private static final String INSTANCE = "app.kubernetes.io/instance";

  /// Who made an object, and for us.
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  public static final String OPERATOR = "oneflow-operator";

  private static final String GATEWAY = "oneflow-gateway";

  private GatewayLabels() {}

  /// What all of a gateway's dependents are called.
  public static String nameOf(GatewayId gateway) {
    return gateway.serviceAccount();
  }

  static String nameOf(LLMGateway gateway) {
    return gateway.getMetadata().getName() + GatewayId.SERVICE_ACCOUNT_SUFFIX;
  }

  /// The gateway whose dependent this says to be; empty where it is none's.
  public static Optional<GatewayId> gatewayOf(HasMetadata dependent) {
    Map<String, String> labels = dependent.getMetadata().getLabels();
    return labels != null && GATEWAY.equals(labels.get(NAME)) && labels.containsKey(INSTANCE)
        ? Optional.of(new GatewayId(dependent.getMetadata().getNamespace(), labels.get(INSTANCE)))
        : Optional.empty();
  }

  /// What pods are selected by; never changes, since selectors may not.
  static Map<String, String> selector(LLMGateway gateway) {
    return new TreeMap<>(Map.of(NAME, GATEWAY, INSTANCE, gateway.getMetadata().getName()));
  }

  static Map<String, String> labels(LLMGateway gateway) {
    Map<String, String> labels = new TreeMap<>(selector(gateway));
    labels.put("app.kubernetes.io/component", "gateway");
    labels.put("app.kubernetes.io/part-of", "oneflow");
    labels.put(MANAGED_BY, OPERATOR);
    return labels;
  }

  /// The metadata of a dependent.
  static ObjectMeta metadata(LLMGateway gateway) {
    return new ObjectMetaBuilder()
        .withNamespace(gateway.getMetadata().getNamespace())
        .withName(nameOf(gateway))
        .withLabels(labels(gateway))
        .withOwnerReferences(owner(gateway))
        .build();
  }

  static OwnerReference owner(LLMGateway gateway) {
    return new OwnerReferenceBuilder()
        .withApiVersion(gateway.getApiVersion())
        .withKind(gateway.getKind())
        .withName(gateway.getMetadata().getName())
        .withUid(gateway.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
