package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// The models on offer. An answer names the dated model behind an alias, as OpenAI's do.
record Models(List<String> names) {
  static final List<String> USUAL =
      List.of(
          "gpt-4o",
          "gpt-4o-mini",
          "gpt-4.1",
          "gpt-4.1-nano",
          "gpt-4",
          "gpt-3.5-turbo",
          "gpt-3.5-turbo-instruct",
          "gpt-5-nano",
          "o3-mini",
          "text-embedding-3-small",
          "text-embedding-3-large",
          "text-embedding-ada-002");
  private static final Map<String, String> DATED =
      Map.of(
          "gpt-4o", "gpt-4o-2024-08-06",
          "gpt-4o-mini", "gpt-4o-mini-2024-07-18",
          "gpt-4.1-nano", "gpt-4.1-nano-2025-04-14",
          "gpt-5-nano", "gpt-5-nano-2025-08-07");
  private static final long CREATED = 1_715_367_049L;

  Models {
    names = List.copyOf(names);
  }

  boolean knows(String model) {
    return names.contains(model) || model.startsWith(ScriptFinder.MODEL_PREFIX);
  }

  static String dated(String model) {
    return DATED.getOrDefault(model, model);
  }

  Draft list() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("object", "list");
    ArrayNode data = list.putArray("data");
    names.forEach(name -> data.add(entry(name)));
    return Draft.json(200, list.toString());
  }

  Draft one(String name) {
    return names.contains(name)
        ? Draft.json(200, entry(name).toString())
        : Draft.of(OpenAiError.unknownModel(name));
  }

  private static ObjectNode entry(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", CREATED)
        .put("owned_by", "system");
  }
}
