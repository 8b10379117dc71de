package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds a request's script: the header `x-simulator-script`, `[[sim …]]` in a prompt or input,
/// `sim …` as the `user` field, `sim:…` as the model, then the rules set by an admin call.
///
/// Of several markers the last counts: the others are a conversation's history. A gateway may drop
/// headers and rename models, so no single place would do for every test.
final class ScriptFinder {
  static final String MODEL_PREFIX = "sim:";
  private static final Pattern MARKER = Pattern.compile("\\[\\[sim ([^\\]]*)]]");
  private static final String USER_PREFIX = "sim ";

  private final Scripts scripts;
  private volatile Script usual;

  ScriptFinder(Scripts scripts, Script usual) {
    this.scripts = scripts;
    this.usual = usual;
  }

  /// From now on requests without a script are answered like this.
  void usual(Script script) {
    usual = script;
  }

  /// @throws IllegalArgumentException if the request's own script cannot be read
  Script find(ReceivedCall call, JsonNode body) {
    Script otherwise = usual;
    Optional<String> own =
        Stream.of(
                call.header("x-simulator-script"),
                marker(body.path("messages")),
                marker(body.path("prompt")),
                marker(body.path("input")),
                after(USER_PREFIX, body.path("user")),
                after(MODEL_PREFIX, body.path("model")))
            .flatMap(Optional::stream)
            .findFirst();
    return own.map(words -> new ScriptReader(otherwise).read(words))
        .orElseGet(() -> scripts.take(body.path("model").asText(""), call.path(), otherwise));
  }

  private static Optional<String> after(String prefix, JsonNode field) {
    String text = field.asText("");
    return text.startsWith(prefix)
        ? Optional.of(text.substring(prefix.length()))
        : Optional.empty();
  }

  private static Optional<String> marker(JsonNode prompt) {
    if (prompt.isTextual()) {
      Matcher matcher = MARKER.matcher(prompt.textValue());
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
    return prompt
        .valueStream()
        .map(ScriptFinder::marker)
        .flatMap(Optional::stream)
        .reduce((_, last) -> last);
  }
}
