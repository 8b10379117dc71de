package ai.oneflow.simulator.recording;

import java.util.List;

/// One cassette: an exchange or a short conversation.
///
/// @param name folder and file without the ending, such as `openai-wire/chat-basic`
/// @param interactions in recorded order; empty where the cassette holds no HTTP (WebSocket, gRPC)
public record Recording(String name, List<Interaction> interactions) {
  public Recording {
    interactions = List.copyOf(interactions);
  }

  /// The same cassette with only what speaks OpenAI's wire.
  public Recording openAiPart() {
    return new Recording(name, interactions.stream().filter(Interaction::speaksOpenAi).toList());
  }
}
