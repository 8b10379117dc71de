package ai.oneflow.api.validation;

/// Something wrong with a manifest.
///
/// @param path where in the document, such as `spec.models[0].name`; empty for the whole
/// @param line where in the text, from 1; of the nearest part that is there if a part is missing
/// @param message in the words of the API server; quotes values of the manifest, as it does
/// @param hint what there is to say beyond that; often empty
public record Finding(String path, int line, String message, String hint) {
  public Finding(String path, int line, String message) {
    this(path, line, message, "");
  }

  /// All that a person is told.
  public String sentence() {
    return hint.isEmpty() ? message : message + "; " + hint;
  }
}
