package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.build.GatewayId;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Set;
import java.util.TreeSet;

/// An LLMGateway that pods are to run for.
///
/// @param providerPorts the TCP ports of the providers that it serves
public record Wanted(LLMGateway gateway, Set<Integer> providerPorts) {
  public Wanted {
    providerPorts = Set.copyOf(new TreeSet<>(providerPorts));
  }

  public GatewayId id() {
    return new GatewayId(gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
  }

  /// Whether there is something to be made of it. One that is being deleted is taken down by the
  /// garbage collector, which whoever makes its dependents anew would keep from its end; what
  /// cannot be read changes nothing.
  public boolean isAlive() {
    return gateway.getSpec() != null && !gateway.isMarkedForDeletion();
  }

  /// Whether this says nothing new.
  public boolean asksTheSameAs(Wanted other) {
    ObjectMeta mine = gateway.getMetadata();
    ObjectMeta others = other.gateway.getMetadata();
    return mine.getUid().equals(others.getUid())
        && mine.getGeneration().equals(others.getGeneration())
        && isAlive() == other.isAlive()
        && providerPorts.equals(other.providerPorts);
  }
}
