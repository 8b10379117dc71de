package ai.oneflow.gateway.config;

import java.util.List;

/// The public models that a key may ask for. `*` stands for any text; no pattern at all means every
/// model.
///
/// No regular expression: whoever may write an ApiKey could write one, and ask for a model, that
/// together keep a thread busy for years. This takes the lengths of both multiplied at most.
public final class ModelPatterns {
  private static final char ANY = '*';

  private final List<String> patterns;

  ModelPatterns(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  public boolean permit(String model) {
    if (patterns.isEmpty()) {
      return true;
    }
    for (String pattern : patterns) {
      if (matches(pattern, model)) {
        return true;
      }
    }
    return false;
  }

  /// Where the texts part, the last `*` takes one more character; those before it need not change.
  private static boolean matches(String pattern, String model) {
    int star = -1;
    int taken = 0;
    int at = 0;
    int in = 0;
    while (in < model.length()) {
      if (at < pattern.length() && pattern.charAt(at) == ANY) {
        star = at++;
        taken = in;
      } else if (at < pattern.length() && pattern.charAt(at) == model.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++taken;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == ANY) {
      at++;
    }
    return at == pattern.length();
  }
}
