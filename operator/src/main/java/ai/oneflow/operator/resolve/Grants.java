package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.AllowedNamespaces;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Says which namespace lets which other in.
final class Grants {
  private final Map<String, Map<String, String>> labels = new HashMap<>();

  Grants(Collection<Namespace> namespaces) {
    for (Namespace namespace : namespaces) {
      Map<String, String> own = namespace.getMetadata().getLabels();
      labels.put(namespace.getMetadata().getName(), own == null ? Map.of() : own);
    }
  }

  /// Whether a resource of `owner` that allows `allowed` is open to `visitor`. One's own namespace
  /// is always let in.
  boolean permits(AllowedNamespaces allowed, String owner, String visitor) {
    if (owner.equals(visitor)) {
      return true;
    }
    return switch (allowed.from()) {
      case SAME -> false;
      case ALL -> true;
      case SELECTOR -> allowed.selector() != null && matches(allowed.selector(), visitor);
    };
  }

  private boolean matches(LabelSelector selector, String namespace) {
    Map<String, String> own = labels.getOrDefault(namespace, Map.of());
    Map<String, String> wanted = selector.getMatchLabels();
    List<LabelSelectorRequirement> rules = selector.getMatchExpressions();
    return (wanted == null || own.entrySet().containsAll(wanted.entrySet()))
        && (rules == null || rules.stream().allMatch(rule -> meets(rule, own)));
  }

  /// An operator that Kubernetes may add later lets nobody in, and neither does a rule without one,
  /// which no schema refuses.
  private static boolean meets(LabelSelectorRequirement rule, Map<String, String> labels) {
    String value = labels.get(rule.getKey());
    return switch (rule.getOperator()) {
      case "In" -> value != null && rule.getValues().contains(value);
      case "NotIn" -> value == null || !rule.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case null, default -> false;
    };
  }
}
