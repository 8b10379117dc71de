package ai.oneflow.tests.rights;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A verb that may be used on a resource.
///
/// @param group of the API; empty: the core
/// @param resource in the plural, with a slash and its part if it is one's part
/// @param name of the one object; empty: any
/// @param verb `get`, `list` …
record Right(String group, String resource, String name, String verb) implements Comparable<Right> {

  /// All that the shipped roles give to the operator.
  static Set<Right> granted(KubernetesClient client, Path manifest) throws IOException {
    Set<Right> granted = new TreeSet<>();
    try (InputStream yaml = Files.newInputStream(manifest)) {
      client
          .load(yaml)
          .items()
          .forEach(
              item -> {
                switch (item) {
                  case ClusterRole role ->
                      role.getRules().forEach(rule -> granted.addAll(of(rule)));
                  case Role role -> role.getRules().forEach(rule -> granted.addAll(of(rule)));
                  default -> {}
                }
              });
    }
    return granted;
  }

  private static List<Right> of(PolicyRule rule) {
    List<String> names = rule.getResourceNames().isEmpty() ? List.of("") : rule.getResourceNames();
    Stream<Right> rights =
        rule.getApiGroups().stream()
            .flatMap(
                group ->
                    rule.getResources().stream()
                        .flatMap(
                            resource ->
                                names.stream()
                                    .flatMap(
                                        name ->
                                            rule.getVerbs().stream()
                                                .map(v -> new Right(group, resource, name, v)))));
    return rights.toList();
  }

  /// Whether the use of `used`, which names its object, is the use of this.
  boolean covers(Right used) {
    return group.equals(used.group)
        && resource.equals(used.resource)
        && verb.equals(used.verb)
        && (name.isEmpty() || name.equals(used.name));
  }

  @Override
  public int compareTo(Right other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    String of = group.isEmpty() ? resource : resource + "." + group;
    return verb + " " + of + (name.isEmpty() ? "" : " " + name);
  }
}
