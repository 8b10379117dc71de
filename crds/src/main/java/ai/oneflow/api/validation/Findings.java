package ai.oneflow.api.validation;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with one document and knows the line of each part.
final class Findings {
  private final YamlDocument.Read document;
  private final List<Finding> all = new ArrayList<>();

  Findings(YamlDocument.Read document) {
    this.document = document;
  }

  void add(String path, String message) {
    all.add(new Finding(path, document.lineOf(path), message));
  }

  /// As the API server begins most of its messages.
  void atPath(String path, String message) {
    atPath(path, message, "");
  }

  void atPath(String path, String message, String hint) {
    all.add(new Finding(path, document.lineOf(path), path + ": " + message, hint));
  }

  List<Finding> all() {
    return all;
  }
}
