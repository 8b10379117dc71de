package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/// What became of one document of a manifest.
public sealed interface Verdict {
  /// The line of the document's first content, from 1.
  int line();

  /// The resource, with its defaults, as the API server would hand it out.
  record Accepted(int line, CustomResource<?, ?> resource) implements Verdict {}

  /// Refused.
  ///
  /// @param subject what the document describes, as far as it says: `LLMProvider "openai"`
  /// @param findings at least one
  record Refused(int line, String subject, List<Finding> findings) implements Verdict {
    public Refused {
      findings = List.copyOf(findings);
    }
  }

  /// Of a kind that is not judged here, such as a Secret; `content` is as written.
  record OtherKind(int line, String apiVersion, String kind, ObjectNode content)
      implements Verdict {
    /// Without the content, which may be secret.
    @Override
    public String toString() {
      return "OtherKind[line=" + line + ", apiVersion=" + apiVersion + ", kind=" + kind + "]";
    }
  }
}
