package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.dialect.Surface;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// The last events of a stream that is ended before the model has ended it, as a model does that
/// has reached the length it was given
/// (<https://platform.openai.com/docs/api-reference/chat-streaming>, `finish_reason`).
public final class OpenAiStreamEnd {
  private static final JsonMapper JSON = new JsonMapper();

  private OpenAiStreamEnd() {}

  /// @param choices how many answers end with it
  public static byte[] lengthReached(Surface surface, String id, String model, int choices) {
    boolean chat = surface == Surface.CHAT_COMPLETIONS;
    ObjectNode chunk = JSON.createObjectNode();
    chunk.put("id", id);
    chunk.put("object", chat ? "chat.completion.chunk" : "text_completion");
    chunk.put("created", Instant.now().getEpochSecond());
    chunk.put("model", model);
    ArrayNode ended = chunk.putArray("choices");
    for (int i = 0; i < choices; i++) {
      ObjectNode choice = ended.addObject();
      choice.put("index", i);
      if (chat) {
        choice.putObject("delta");
      } else {
        choice.put("text", "");
      }
      choice.put("finish_reason", "length");
    }
    return ("data: " + chunk + "\n\ndata: [DONE]\n\n").getBytes(UTF_8);
  }
}
