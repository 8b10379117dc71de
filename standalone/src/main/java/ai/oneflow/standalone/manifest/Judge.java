package ai.oneflow.standalone.manifest;

import java.util.List;

/// Says of a manifest what the API server would say of it.
@FunctionalInterface
public interface Judge {

  /// @param manifest of one of the five kinds
  /// @return all that is wrong; nothing where it is taken
  List<Flaw> judge(YamlDocument manifest);

  /// Something that is wrong.
  ///
  /// @param path the field, as in `spec.models[0].name`; empty for the manifest as a whole
  /// @param words as the API server puts them
  record Flaw(String path, String words) {}
}
