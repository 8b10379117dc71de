package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/// Who reaches the pods, and whom they reach.
final class Reach {
  private static final int DNS = 53;

  /// Where clouds hand out the rights of a node to whoever asks. Nobody who may write an
  /// LLMProvider should be able to have it asked.
  private static final String METADATA_V4 = "169.254.169.254/32";

  private static final String METADATA_V6 = "fd00:ec2::254/128";

  private Reach() {}

  static Service service(LLMGateway gateway) {
    return new ServiceBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(GatewayLabels.selector(gateway))
        .addNewPort()
        .withName(GatewayPod.CALLERS)
        .withProtocol("TCP")
        .withPort(gateway.getSpec().listener().port())
        .withTargetPort(new IntOrString(GatewayPod.CALLERS))
        .endPort()
        .endSpec()
        .build();
  }

  /// Callers come from anywhere, since a load balancer does; scrapers from within the cluster.
  /// Others may allow more by policies of their own: policies add up.
  static NetworkPolicy policy(Wanted wanted, Ground ground) {
    LLMGateway gateway = wanted.gateway();
    SortedSet<Integer> ports = EgressPorts.of(gateway.getSpec());
    ports.addAll(wanted.providerPorts());
    return new NetworkPolicyBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(GatewayLabels.selector(gateway))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(
            in(gateway.getSpec().listener().port(), List.of()),
            in(GatewayPod.MANAGEMENT_PORT, List.of(anyPod())))
        .withEgress(names(), operator(ground), elsewhere(ports))
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule in(int port, List<NetworkPolicyPeer> from) {
    return new NetworkPolicyIngressRuleBuilder()
        .withFrom(from)
        .withPorts(port("TCP", port))
        .build();
  }

  private static NetworkPolicyEgressRule names() {
    return new NetworkPolicyEgressRuleBuilder()
        .withPorts(port("UDP", DNS), port("TCP", DNS))
        .build();
  }

  private static NetworkPolicyEgressRule operator(Ground ground) {
    NetworkPolicyEgressRuleBuilder rule =
        new NetworkPolicyEgressRuleBuilder().withPorts(port("TCP", ground.pushPort()));
    if (ground.operatorIsInside()) {
      rule.addNewTo()
          .withNewNamespaceSelector()
          .addToMatchLabels("kubernetes.io/metadata.name", ground.operatorNamespace())
          .endNamespaceSelector()
          .endTo();
    }
    return rule.build();
  }

  /// Some network plug-ins do not count pods among the addresses of a block, so they are named too.
  private static NetworkPolicyEgressRule elsewhere(Collection<Integer> ports) {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(block("0.0.0.0/0", METADATA_V4), block("::/0", METADATA_V6), anyPod())
        .withPorts(ports.stream().map(port -> port("TCP", port)).toList())
        .build();
  }

  private static NetworkPolicyPeer block(String all, String except) {
    return new NetworkPolicyPeerBuilder()
        .withNewIpBlock()
        .withCidr(all)
        .withExcept(except)
        .endIpBlock()
        .build();
  }

  private static NetworkPolicyPeer anyPod() {
    return new NetworkPolicyPeerBuilder().withNewNamespaceSelector().endNamespaceSelector().build();
  }

  private static NetworkPolicyPort port(String protocol, int port) {
    return new NetworkPolicyPort(null, new IntOrString(port), protocol);
  }
}
