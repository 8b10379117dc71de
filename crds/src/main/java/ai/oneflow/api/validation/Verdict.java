package ai.oneflow.api.validation;

import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/// What became of one document of a manifest.
public sealed interface Verdict {
  /// The resource, with its defaults, as the API server would hand it out.
  record Accepted(CustomResource<?, ?> resource) implements Verdict {}

  /// Refused.
  ///
  /// @param findings at least one
  record Refused(List<Finding> findings) implements Verdict {
    public Refused {
      findings = List.copyOf(findings);
    }
  }

  /// Of a kind that is not judged here, such as a Secret.
  record OtherKind() implements Verdict {}
}
