package ai.oneflow.operator.workload;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Processor and memory of a pod. Of each resource that a manifest says nothing about a request is
/// made, since an autoscaler measures by it and a pod without one is the first to go.
final class Sizing {
  private static final Map<String, Quantity> REQUESTS =
      Map.of("cpu", new Quantity("500m"), "memory", new Quantity("512Mi"));

  /// None of the processor: a throttled gateway is slow for all of its callers.
  private static final Map<String, Quantity> LIMITS = Map.of("memory", new Quantity("1Gi"));

  private Sizing() {}

  static ResourceRequirements of(@Nullable ResourceRequirements given) {
    Map<String, Quantity> requests = copy(given == null ? null : given.getRequests());
    Map<String, Quantity> limits = copy(given == null ? null : given.getLimits());
    for (String resource : REQUESTS.keySet()) {
      if (!requests.containsKey(resource) && !limits.containsKey(resource)) {
        put(requests, resource, REQUESTS);
        put(limits, resource, LIMITS);
      }
    }
    return new ResourceRequirementsBuilder()
        .withRequests(requests)
        .withLimits(limits)
        .withClaims(given == null || given.getClaims() == null ? null : given.getClaims())
        .build();
  }

  private static void put(
      Map<String, Quantity> sizes, String resource, Map<String, Quantity> defaults) {
    Quantity size = defaults.get(resource);
    if (size != null) {
      sizes.put(resource, size);
    }
  }

  private static Map<String, Quantity> copy(@Nullable Map<String, Quantity> sizes) {
    return sizes == null ? new TreeMap<>() : new TreeMap<>(sizes);
  }
}
