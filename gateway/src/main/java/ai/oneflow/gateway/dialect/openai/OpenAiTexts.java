package ai.oneflow.gateway.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Takes the texts out of a request or an answer that a tokenizer is to count. Builds a tree, so it
/// is slow and belongs on no event loop. What is no JSON has no texts. Buffers stay as they are.
public final class OpenAiTexts {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> PROMPTS = List.of("prompt", "input");

  private OpenAiTexts() {}

  /// The texts that the model reads as they are. What a provider rewrites for it, such as the
  /// declarations of tools, is not among them.
  public static List<String> ofRequest(ByteBuf body) {
    JsonNode root = tree(body);
    List<String> texts = new ArrayList<>();
    for (JsonNode message : root.path("messages")) {
      content(message.path("content"), texts);
    }
    for (String name : PROMPTS) {
      JsonNode prompt = root.path(name);
      text(prompt, texts);
      prompt.forEach(one -> text(one, texts));
    }
    return texts;
  }

  /// The texts that the model wrote in an answer that is one JSON text.
  public static List<String> ofAnswer(ByteBuf body) {
    List<String> texts = new ArrayList<>();
    for (JsonNode choice : tree(body).path("choices")) {
      text(choice.path("text"), texts);
      JsonNode message = choice.path("message");
      content(message.path("content"), texts);
      text(message.path("refusal"), texts);
      call(message.path("function_call"), texts);
      message.path("tool_calls").forEach(call -> call(call.path("function"), texts));
    }
    return texts;
  }

  private static void call(JsonNode function, List<String> texts) {
    text(function.path("name"), texts);
    text(function.path("arguments"), texts);
  }

  private static void content(JsonNode content, List<String> texts) {
    text(content, texts);
    if (content.isArray()) {
      content.forEach(part -> part(part, texts));
    }
  }

  private static void part(JsonNode part, List<String> texts) {
    text(part, texts);
    text(part.path("text"), texts);
  }

  private static void text(JsonNode node, List<String> texts) {
    if (node.isTextual() && !node.textValue().isEmpty()) {
      texts.add(node.textValue());
    }
  }

  private static JsonNode tree(ByteBuf body) {
    try (InputStream in = new ByteBufInputStream(body.slice())) {
      return JSON.readTree(in);
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }
}
