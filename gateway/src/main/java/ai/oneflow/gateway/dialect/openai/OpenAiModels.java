package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Renders public models as OpenAI lists its own
/// (<https://platform.openai.com/docs/api-reference/models>).
public final class OpenAiModels {
  private static final JsonMapper JSON = new JsonMapper();

  private OpenAiModels() {}

  public static byte[] list(List<String> names) {
    ObjectNode body = JSON.createObjectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    names.forEach(name -> data.add(node(name)));
    return body.toString().getBytes(UTF_8);
  }

  public static byte[] model(String name) {
    return node(name).toString().getBytes(UTF_8);
  }

  /// A public name has no date and no owner of its own; clients need the fields to be there.
  private static ObjectNode node(String name) {
    return JSON.createObjectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "oneflow");
  }
}
