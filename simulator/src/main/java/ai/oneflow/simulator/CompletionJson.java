package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Writes an answer to a chat as one JSON object
/// (https://platform.openai.com/docs/api-reference/chat/object).
final class CompletionJson {
  private CompletionJson() {}

  static Draft draft(Completion completion) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", "chatcmpl-" + completion.id());
    body.put("object", "chat.completion");
    body.put("created", completion.created());
    body.put("model", completion.model());
    ArrayNode choices = body.putArray("choices");
    for (Choice choice : completion.choices()) {
      choices.add(choice(choices.size(), choice));
    }
    body.put("service_tier", "default");
    body.put("system_fingerprint", Completion.FINGERPRINT);
    return completion.asJson(body);
  }

  private static ObjectNode choice(int index, Choice choice) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("index", index);
    ObjectNode message = node.putObject("message");
    message.put("role", "assistant");
    switch (choice) {
      case Choice.Text text -> message.put("content", String.join("", text.words()));
      case Choice.ToolCalls calls -> {
        message.putNull("content");
        ArrayNode list = message.putArray("tool_calls");
        calls.calls().forEach(call -> list.add(toolCall(call)));
      }
    }
    message.putNull("refusal");
    message.putArray("annotations");
    node.putNull("logprobs");
    node.put("finish_reason", choice.finishReason());
    return node;
  }

  private static ObjectNode toolCall(Choice.ToolCall call) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", call.id());
    node.put("type", "function");
    node.putObject("function")
        .put("name", call.name())
        .put("arguments", String.join("", call.fragments()));
    return node;
  }

  static ObjectNode usage(Usage usage) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("prompt_tokens", usage.promptTokens());
    node.put("completion_tokens", usage.completionTokens());
    node.put("total_tokens", usage.totalTokens());
    node.putObject("prompt_tokens_details")
        .put("cached_tokens", usage.cachedTokens())
        .put("audio_tokens", 0);
    node.putObject("completion_tokens_details")
        .put("reasoning_tokens", usage.reasoningTokens())
        .put("audio_tokens", 0)
        .put("accepted_prediction_tokens", 0)
        .put("rejected_prediction_tokens", 0);
    return node;
  }
}
