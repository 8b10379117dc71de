package ai.oneflow.simulator;

import ai.oneflow.simulator.Draft.Part;
import ai.oneflow.simulator.UsageReport.Placement;
import ai.oneflow.simulator.recording.Body;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a completion as a stream of chunks
/// (https://platform.openai.com/docs/api-reference/chat/streaming): for each choice the role, one
/// delta a token, the `finish_reason`; then usage, if asked for, and `[DONE]`.
final class CompletionStream {
  private final Completion completion;
  private final List<Part> parts = new ArrayList<>();
  private int produced;

  private CompletionStream(Completion completion) {
    this.completion = completion;
  }

  static Draft draft(Completion completion) {
    CompletionStream stream = new CompletionStream(completion);
    for (int i = 0; i < completion.choices().size(); i++) {
      stream.choice(i, completion.choices().get(i));
    }
    if (stream.hasUsageChunk()) {
      stream.usageChunk();
    }
    stream.parts.add(new Part(Body.ofText("data: [DONE]\n\n"), 0));
    return Draft.events(stream.parts, completion.usage());
  }

  private boolean hasUsageChunk() {
    return switch (completion.placement()) {
      case AS_ASKED -> completion.includeUsage();
      case ALWAYS -> true;
      case MISSING, WITH_LAST_CONTENT, CUMULATIVE -> false;
    };
  }

  private void choice(int index, Choice choice) {
    ObjectNode role = delta();
    role.put("role", "assistant");
    switch (choice) {
      case Choice.Text(List<String> words, _) -> {
        role.put("content", "").putNull("refusal");
        chunk(index, role, 0);
        words.forEach(word -> chunk(index, delta().put("content", word), 1));
      }
      case Choice.ToolCalls(List<Choice.ToolCall> calls) -> {
        role.putNull("content");
        chunk(index, role, 0);
        for (int i = 0; i < calls.size(); i++) {
          toolCall(index, i, calls.get(i));
        }
      }
    }
    finish(index, choice.finishReason());
  }

  private void toolCall(int index, int callIndex, Choice.ToolCall call) {
    ObjectNode begin = delta();
    ObjectNode head = begin.putArray("tool_calls").addObject();
    head.put("index", callIndex).put("id", call.id()).put("type", "function");
    head.putObject("function").put("name", call.name()).put("arguments", "");
    chunk(index, begin, 1);
    for (String fragment : call.fragments()) {
      ObjectNode more = delta();
      ObjectNode piece = more.putArray("tool_calls").addObject().put("index", callIndex);
      piece.putObject("function").put("arguments", fragment);
      chunk(index, more, 1);
    }
  }

  private void chunk(int index, ObjectNode delta, int tokens) {
    produced += tokens;
    ObjectNode chunk = choiceChunk(index, delta, null);
    if (completion.placement() == Placement.CUMULATIVE) {
      chunk.set("usage", CompletionJson.usage(completion.usage().withCompletion(produced)));
    }
    add(chunk, tokens);
  }

  private void finish(int index, String reason) {
    ObjectNode chunk = choiceChunk(index, delta(), reason);
    switch (completion.placement()) {
      case WITH_LAST_CONTENT, CUMULATIVE ->
          chunk.set("usage", CompletionJson.usage(completion.usage()));
      case AS_ASKED, MISSING, ALWAYS -> {}
    }
    add(chunk, 0);
  }

  private void usageChunk() {
    ObjectNode chunk = head();
    chunk.putArray("choices");
    chunk.set("usage", CompletionJson.usage(completion.usage()));
    add(chunk, 0);
  }

  private ObjectNode choiceChunk(int index, ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = head();
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", index);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    if (hasUsageChunk()) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  private ObjectNode head() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", completion.id())
        .put("object", "chat.completion.chunk")
        .put("created", completion.created())
        .put("model", completion.model())
        .put("service_tier", "default")
        .put("system_fingerprint", Completion.FINGERPRINT);
  }

  private static ObjectNode delta() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void add(ObjectNode chunk, int tokens) {
    parts.add(new Part(Body.ofText("data: " + chunk + "\n\n"), tokens));
  }
}
