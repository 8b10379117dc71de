package ai.oneflow.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/// What to add to each gateway pod.
public record PodTemplate(
    @JsonPropertyDescription("Labels.") @Default("{}") @Size(max = 64) Map<String, String> labels,
    @JsonPropertyDescription("Annotations.") @Default("{}") @Size(max = 64)
        Map<String, String> annotations,
    @JsonPropertyDescription("Labels that a node must have.") @Default("{}") @Size(max = 64)
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Taints that the pods tolerate.") @Default("[]") @Size(max = 32)
        List<Toleration> tolerations,
    @JsonPropertyDescription("Further environment variables of the gateway.")
        @Default("[]")
        @Size(max = 64)
        List<EnvVar> env) {

  static final PodTemplate NOTHING =
      new PodTemplate(Map.of(), Map.of(), Map.of(), List.of(), List.of());

  public PodTemplate {
    labels = Map.copyOf(Absent.or(labels, Map.of()));
    annotations = Map.copyOf(Absent.or(annotations, Map.of()));
    nodeSelector = Map.copyOf(Absent.or(nodeSelector, Map.of()));
    tolerations = Absent.orEmpty(tolerations);
    env = Absent.orEmpty(env);
  }

  /// The names of the environment variables only: people put secrets into their values.
  @Override
  public String toString() {
    return "PodTemplate[labels="
        + labels
        + ", annotations="
        + annotations
        + ", nodeSelector="
        + nodeSelector
        + ", tolerations="
        + tolerations
        + ", env="
        + env.stream().map(EnvVar::getName).toList()
        + "]";
  }
}
