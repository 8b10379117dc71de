package ai.oneflow.gateway.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The public models that a key may ask for. `*` stands for any text; no pattern at all means every
/// model.
public final class ModelPatterns {
  private final List<Pattern> patterns;

  ModelPatterns(List<String> globs) {
    patterns = globs.stream().map(ModelPatterns::compile).toList();
  }

  private static Pattern compile(String glob) {
    return Pattern.compile(
        java.util.Arrays.stream(glob.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  public boolean permit(String model) {
    if (patterns.isEmpty()) {
      return true;
    }
    for (Pattern pattern : patterns) {
      if (pattern.matcher(model).matches()) {
        return true;
      }
    }
    return false;
  }
}
