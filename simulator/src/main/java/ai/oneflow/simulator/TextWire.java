package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The wire of `/v1/completions` (https://platform.openai.com/docs/api-reference/completions): an
/// object and a chunk have the same shape.
final class TextWire implements ChunkWire {
  Draft json(Completion completion) {
    ObjectNode body = head(completion);
    ArrayNode choices = body.putArray("choices");
    for (Choice choice : completion.choices()) {
      String text = String.join("", choice.tokens());
      choices.add(choice(choices.size(), text, choice.finishReason()));
    }
    return completion.asJson(body);
  }

  @Override
  public ObjectNode head(Completion completion) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", "cmpl-" + completion.id())
        .put("object", "text_completion")
        .put("created", completion.created())
        .put("model", completion.model())
        .put("system_fingerprint", Completion.FINGERPRINT);
  }

  @Override
  public List<Chunk> chunks(Completion completion, int index, Choice choice) {
    List<Chunk> chunks = new ArrayList<>();
    choice.tokens().forEach(word -> chunks.add(chunk(completion, choice(index, word, null), 1)));
    chunks.add(chunk(completion, choice(index, "", choice.finishReason()), 0));
    return chunks;
  }

  private Chunk chunk(Completion completion, ObjectNode choice, int tokens) {
    ObjectNode body = head(completion);
    body.putArray("choices").add(choice);
    return new Chunk(body, tokens);
  }

  private static ObjectNode choice(int index, String text, @Nullable String finishReason) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode();
    choice.put("text", text);
    choice.put("index", index);
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    return choice;
  }
}
