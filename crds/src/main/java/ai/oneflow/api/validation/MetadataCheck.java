package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Name, labels and annotations of a resource, of which no schema speaks.
final class MetadataCheck {
  private static final String SUBDOMAIN_TEXT =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
  private static final String PART_TEXT = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String VALUE_TEXT = "(" + PART_TEXT + ")?";

  private static final Rule SUBDOMAIN =
      new Rule(
          SUBDOMAIN_TEXT,
          253,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
              + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
              + " regex used for validation is '"
              + SUBDOMAIN_TEXT
              + "')");
  private static final String PART_WORDS =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '"
          + PART_TEXT
          + "')";
  private static final String WITH_PREFIX =
      " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  private static final Rule PART = new Rule(PART_TEXT, 63, PART_WORDS);
  private static final Rule VALUE =
      new Rule(
          VALUE_TEXT,
          63,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
              + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
              + " 'my_value',  or '12345', regex used for validation is '"
              + VALUE_TEXT
              + "')");

  private final Findings findings;

  private MetadataCheck(Findings findings) {
    this.findings = findings;
  }

  /// What a text must be.
  ///
  /// @param longest in bytes, which are characters where the pattern holds
  private record Rule(Pattern pattern, int longest, String words) {
    Rule(String pattern, int longest, String words) {
      this(Pattern.compile(pattern), longest, words);
    }
  }

  /// @param content of the types that [MetadataShape] asks for
  static void check(ObjectNode content, Findings findings) {
    MetadataCheck check = new MetadataCheck(findings);
    JsonNode metadata = content.path("metadata");
    String name = metadata.path("name").asText("");
    if (name.isEmpty()) {
      findings.atPath("metadata.name", "Required value: name or generateName is required");
    } else {
      check.part(new Text("metadata.name", "metadata.name", name), "", name, SUBDOMAIN);
    }
    for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
      check.key("metadata.labels", label.getKey(), label.getKey());
      String value = label.getValue().asText("");
      Text text = new Text("metadata.labels." + label.getKey(), "metadata.labels", value);
      check.part(text, "", value, VALUE);
    }
    for (Map.Entry<String, JsonNode> annotation : metadata.path("annotations").properties()) {
      String key = annotation.getKey();
      check.key("metadata.annotations", key, key.toLowerCase(Locale.ROOT));
    }
  }

  /// A text that is checked.
  ///
  /// @param at where it stands
  /// @param field what a finding names
  /// @param shown as written
  private record Text(String at, String field, String shown) {}

  /// @param read as it is checked: Kubernetes forgives capitals in the keys of annotations
  private void key(String field, String key, String read) {
    Text text = new Text(field + "." + key, field, key);
    String[] parts = read.split("/", -1);
    if (parts.length > 2) {
      invalid(text, "a valid label key " + PART_WORDS + WITH_PREFIX);
      return;
    }
    String name = parts[parts.length - 1];
    if (parts.length == 2 && parts[0].isEmpty()) {
      invalid(text, "prefix part must be non-empty");
    } else if (parts.length == 2) {
      part(text, "prefix part ", parts[0], SUBDOMAIN);
    }
    if (name.isEmpty()) {
      invalid(text, "name part must be non-empty");
    }
    part(text, "name part ", name, PART);
  }

  private void part(Text text, String name, String part, Rule rule) {
    if (part.length() > rule.longest) {
      invalid(text, name + "must be no more than " + rule.longest + " bytes");
    } else if (!rule.pattern.matcher(part).matches()) {
      invalid(text, name + rule.words);
    }
  }

  private void invalid(Text text, String words) {
    String shown = JsonNodeFactory.instance.textNode(text.shown).toString();
    findings.add(text.at, text.field + ": Invalid value: " + shown + ": " + words);
  }
}
