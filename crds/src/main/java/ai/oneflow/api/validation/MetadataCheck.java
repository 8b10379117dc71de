package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/// The name of a resource, which no schema describes.
final class MetadataCheck {
  private static final String SUBDOMAIN =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
  private static final Pattern NAME = Pattern.compile(SUBDOMAIN);
  private static final int LONGEST = 253;

  private MetadataCheck() {}

  static void check(ObjectNode content, Findings findings) {
    JsonNode name = content.path("metadata").path("name");
    if (name.isMissingNode() || name.isNull() || name.asText().isEmpty()) {
      findings.atPath("metadata.name", "Required value: name or generateName is required");
    } else if (name.asText().length() > LONGEST) {
      findings.atPath(
          "metadata.name", "Invalid value: " + name + ": must be no more than 253 bytes");
    } else if (!NAME.matcher(name.asText()).matches()) {
      findings.atPath(
          "metadata.name",
          "Invalid value: "
              + name
              + ": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
              + " characters, '-' or '.', and must start and end with an alphanumeric character"
              + " (e.g. 'example.com', regex used for validation is '"
              + SUBDOMAIN
              + "')");
    }
  }
}
