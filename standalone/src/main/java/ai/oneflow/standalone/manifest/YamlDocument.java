package ai.oneflow.standalone.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One document of a file, and where each of its fields stands.
///
/// @param text as written
/// @param lines by path, as in `spec.models[0].name`; the document itself is the empty path
public record YamlDocument(Path file, String text, JsonNode tree, Map<String, Integer> lines) {
  private static final Pattern PATH = Pattern.compile("(spec|metadata)(\\.\\w+|\\[\\d+])*");

  public YamlDocument {
    lines = Map.copyOf(lines);
  }

  public Place place() {
    return placeOf("");
  }

  /// Where the field stands, or the nearest one around it that was written.
  public Place placeOf(String path) {
    String rest = path;
    while (!rest.isEmpty() && !lines.containsKey(rest)) {
      rest = rest.substring(0, Math.max(0, Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['))));
    }
    return new Place(file, lines.getOrDefault(rest, 1));
  }

  /// Where the first field stands that the words name.
  public Place placeNamedIn(String words) {
    Matcher matcher = PATH.matcher(words);
    return matcher.find() ? placeOf(matcher.group()) : place();
  }

  /// Whether one of the fields that the words name was written.
  public boolean writesOneOf(String words) {
    return PATH.matcher(words).results().anyMatch(path -> lines.containsKey(path.group()));
  }

  /// Without the content, which may be secret.
  @Override
  public String toString() {
    return "YamlDocument[" + place() + "]";
  }
}
