package ai.oneflow.simulator;

import java.util.List;
import java.util.stream.Stream;

/// One alternative answer, cut into completion tokens.
sealed interface Choice {
  String finishReason();

  /// Each completion token as text, in the order in which a stream sends them.
  List<String> tokens();

  record Text(List<String> words, String finishReason) implements Choice {
    public Text {
      words = List.copyOf(words);
    }

    @Override
    public List<String> tokens() {
      return words;
    }
  }

  record ToolCalls(List<ToolCall> calls) implements Choice {
    public ToolCalls {
      calls = List.copyOf(calls);
    }

    @Override
    public String finishReason() {
      return "tool_calls";
    }

    @Override
    public List<String> tokens() {
      return calls.stream().flatMap(ToolCall::tokens).toList();
    }
  }

  /// A call of one function.
  ///
  /// @param fragments of the arguments' JSON; each is a token, and the name is one more
  record ToolCall(String id, String name, List<String> fragments) {
    public ToolCall {
      fragments = List.copyOf(fragments);
    }

    Stream<String> tokens() {
      return Stream.concat(Stream.of(name), fragments.stream());
    }
  }
}
