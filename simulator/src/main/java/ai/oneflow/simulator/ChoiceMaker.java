package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Decides what the answer says: text, structured output or tool calls.
final class ChoiceMaker {
  private static final int FRAGMENT_CHARACTERS = 6;

  private final JsonNode request;
  private final Shape shape;
  private final long seed;

  ChoiceMaker(JsonNode request, Shape shape, long seed) {
    this.request = request;
    this.shape = shape;
    this.seed = seed;
  }

  List<Choice> choices() {
    return IntStream.range(0, request.path("n").asInt(1)).mapToObj(this::choice).toList();
  }

  /// Choices of plain text.
  ///
  /// @param limit most tokens of each
  List<Choice> texts(int count, int limit) {
    return IntStream.range(0, count)
        .mapToObj(index -> text(new Prose(seed + index).tokens(shape.tokens()), limit))
        .toList();
  }

  private static Choice text(List<String> words, int limit) {
    boolean cut = limit > 0 && words.size() > limit;
    return new Choice.Text(cut ? words.subList(0, limit) : words, cut ? "length" : "stop");
  }

  private Choice choice(int index) {
    Prose prose = new Prose(seed + index);
    int calls = toolCalls();
    if (calls > 0) {
      return new Choice.ToolCalls(
          IntStream.range(0, calls).mapToObj(call -> toolCall(prose, index, call)).toList());
    }
    return text(prose);
  }

  private int toolCalls() {
    if (!request.path("tools").has(0) || request.path("tool_choice").asText("").equals("none")) {
      return 0;
    }
    if (shape.toolCalls() != Shape.AS_ASKED) {
      return shape.toolCalls();
    }
    JsonNode messages = request.path("messages");
    boolean resultCame = messages.path(messages.size() - 1).path("role").asText("").equals("tool");
    return resultCame ? 0 : 1;
  }

  private Choice.ToolCall toolCall(Prose prose, int choice, int call) {
    JsonNode tools = request.path("tools");
    JsonNode function = chosen(tools, call).path("function");
    String arguments = new SchemaExample(prose).of(function.path("parameters")).toString();
    String json = arguments.startsWith("{") ? arguments : "{}";
    String id = "call_" + Long.toHexString(seed * 31 + choice * 17L + call);
    return new Choice.ToolCall(id, function.path("name").asText(), fragments(json));
  }

  private JsonNode chosen(JsonNode tools, int call) {
    String named = request.path("tool_choice").path("function").path("name").asText("");
    return tools
        .valueStream()
        .filter(tool -> tool.path("function").path("name").asText().equals(named))
        .findFirst()
        .orElse(tools.path(call % tools.size()));
  }

  private Choice text(Prose prose) {
    JsonNode format = request.path("response_format");
    List<String> words =
        switch (format.path("type").asText("text")) {
          case "json_schema" ->
              fragments(
                  new SchemaExample(prose)
                      .of(format.path("json_schema").path("schema"))
                      .toString());
          case "json_object" ->
              fragments(
                  JsonNodeFactory.instance.objectNode().put("answer", prose.word()).toString());
          default -> prose.tokens(shape.tokens());
        };
    int limit = request.path("max_completion_tokens").asInt(request.path("max_tokens").asInt(0));
    return text(words, limit);
  }

  private static List<String> fragments(String json) {
    List<String> fragments = new ArrayList<>();
    for (int at = 0; at < json.length(); at += FRAGMENT_CHARACTERS) {
      fragments.add(json.substring(at, Math.min(json.length(), at + FRAGMENT_CHARACTERS)));
    }
    return fragments;
  }
}
