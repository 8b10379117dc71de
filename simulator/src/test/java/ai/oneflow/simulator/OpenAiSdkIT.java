package ai.oneflow.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The official Java SDK is the judge of whether this is OpenAI's wire.
final class OpenAiSdkIT {
  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey(Caller.KEY)
          .baseUrl(simulator.baseUrl().toString())
          .build();

  @AfterEach
  void close() {
    client.close();
    simulator.close();
  }

  @Test
  void readsAnAnswerAndAStreamOfTheSameText() {
    ChatCompletion answer = client.chat().completions().create(request("gpt-4o"));
    StringBuilder streamed = new StringBuilder();
    ChatCompletionCreateParams asStream =
        request("gpt-4o").toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    long tokens;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(asStream)) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      chunks.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(streamed::append));
      tokens = chunks.getLast().usage().orElseThrow().completionTokens();
    }
    assertThat(answer.choices().getFirst().message().content()).contains(streamed.toString());
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(tokens);
  }

  @Test
  void readsEmbeddings() {
    EmbeddingCreateParams request =
        EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hello!").build();
    assertThat(client.embeddings().create(request).data().getFirst().embedding()).hasSize(1536);
  }

  @Test
  void knowsTheErrorOfAnUnknownModel() {
    assertThatThrownBy(() -> client.chat().completions().create(request("gpt-9")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("does not exist");
  }

  /// The script's seed makes both texts the same, whatever else the requests say.
  private static ChatCompletionCreateParams request(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage("Hello! [[sim seed=7]]")
        .build();
  }
}
