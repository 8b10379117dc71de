package ai.oneflow.standalone.manifest;

import ai.oneflow.api.validation.YamlDocument;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One document of a file.
public record Manifest(Path file, YamlDocument.Read document) {
  private static final Pattern PATH = Pattern.compile("(spec|metadata)(\\.\\w+|\\[\\d+])*");

  ObjectNode content() {
    return document.content();
  }

  Place place() {
    return placeOf("");
  }

  /// Where the field stands, or the nearest one around it that was written.
  Place placeOf(String path) {
    return new Place(file, document.lineOf(path));
  }

  /// Where the first field stands that the words name.
  public Place placeNamedIn(String words) {
    Matcher matcher = PATH.matcher(words);
    return matcher.find() ? placeOf(matcher.group()) : place();
  }

  /// Whether one of the fields that the words name was written.
  public boolean writesOneOf(String words) {
    return PATH.matcher(words)
        .results()
        .anyMatch(path -> document.lines().containsKey(path.group()));
  }
}
