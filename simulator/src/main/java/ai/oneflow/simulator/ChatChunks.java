package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The chunks of `/v1/chat/completions`
/// (https://platform.openai.com/docs/api-reference/chat/streaming): for each choice the role, one
/// delta a token, the `finish_reason`.
final class ChatChunks implements ChunkWire {
  @Override
  public ObjectNode head(Completion completion) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", "chatcmpl-" + completion.id())
        .put("object", "chat.completion.chunk")
        .put("created", completion.created())
        .put("model", completion.model())
        .put("service_tier", "default")
        .put("system_fingerprint", Completion.FINGERPRINT);
  }

  @Override
  public List<Chunk> chunks(Completion completion, int index, Choice choice) {
    List<Chunk> chunks = new ArrayList<>();
    ObjectNode role = delta().put("role", "assistant");
    switch (choice) {
      case Choice.Text(List<String> words, _) -> {
        role.put("content", "").putNull("refusal");
        chunks.add(chunk(completion, index, role, 0));
        words.forEach(
            word -> chunks.add(chunk(completion, index, delta().put("content", word), 1)));
      }
      case Choice.ToolCalls(List<Choice.ToolCall> calls) -> {
        role.putNull("content");
        chunks.add(chunk(completion, index, role, 0));
        for (int i = 0; i < calls.size(); i++) {
          toolCall(i, calls.get(i))
              .forEach(delta -> chunks.add(chunk(completion, index, delta, 1)));
        }
      }
    }
    chunks.add(new Chunk(body(completion, index, delta(), choice.finishReason()), 0));
    return chunks;
  }

  private static List<ObjectNode> toolCall(int callIndex, Choice.ToolCall call) {
    List<ObjectNode> deltas = new ArrayList<>();
    ObjectNode begin = delta();
    ObjectNode head = begin.putArray("tool_calls").addObject();
    head.put("index", callIndex).put("id", call.id()).put("type", "function");
    head.putObject("function").put("name", call.name()).put("arguments", "");
    deltas.add(begin);
    for (String fragment : call.fragments()) {
      ObjectNode more = delta();
      ObjectNode piece = more.putArray("tool_calls").addObject().put("index", callIndex);
      piece.putObject("function").put("arguments", fragment);
      deltas.add(more);
    }
    return deltas;
  }

  private Chunk chunk(Completion completion, int index, ObjectNode delta, int tokens) {
    return new Chunk(body(completion, index, delta, null), tokens);
  }

  private ObjectNode body(
      Completion completion, int index, ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = head(completion);
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", index);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    return chunk;
  }

  private static ObjectNode delta() {
    return JsonNodeFactory.instance.objectNode();
  }
}
