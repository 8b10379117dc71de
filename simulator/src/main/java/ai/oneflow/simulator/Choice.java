package ai.oneflow.simulator;

import java.util.List;

/// One alternative answer, cut into completion tokens.
sealed interface Choice {
  String finishReason();

  int tokens();

  record Text(List<String> words, String finishReason) implements Choice {
    public Text {
      words = List.copyOf(words);
    }

    @Override
    public int tokens() {
      return words.size();
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
    public int tokens() {
      return calls.stream().mapToInt(ToolCall::tokens).sum();
    }
  }

  /// A call of one function.
  ///
  /// @param fragments of the arguments' JSON; each is a token, and the name is one more
  record ToolCall(String id, String name, List<String> fragments) {
    public ToolCall {
      fragments = List.copyOf(fragments);
    }

    int tokens() {
      return fragments.size() + 1;
    }
  }
}
