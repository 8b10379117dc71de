package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// An answer of a model before it is written as JSON or as a stream.
///
/// @param id without the prefix of an API; no two answers have the same
/// @param created seconds since 1970
/// @param usage what it is billed as
record Completion(
    String id, String model, long created, List<Choice> choices, Usage usage, Telling telling) {
  static final String FINGERPRINT = "fp_simulator";

  Completion {
    choices = List.copyOf(choices);
  }

  /// Where the answer says what it is billed as.
  ///
  /// @param asked whether the caller asked a stream for its usage
  record Telling(UsageReport.Placement placement, boolean asked) {

    /// Whether a stream has a chunk of its own for it.
    boolean hasChunk() {
      return switch (placement) {
        case AS_ASKED -> asked;
        case ALWAYS -> true;
        case MISSING, NULL, WITH_LAST_CONTENT, CUMULATIVE -> false;
      };
    }

    /// Whether chunks without figures say `null`.
    boolean saysNull() {
      return hasChunk() || placement == UsageReport.Placement.NULL;
    }
  }

  Draft.Said said() {
    return new Draft.Said(
        choices.stream().flatMap(choice -> choice.tokens().stream()).toList(), usage);
  }

  /// As one JSON object, which has its choices and lacks its usage.
  Draft asJson(ObjectNode body) {
    return switch (telling.placement()) {
      case MISSING -> Draft.json(200, body.toPrettyString(), said(), Optional.empty());
      case NULL ->
          Draft.json(200, body.putNull("usage").toPrettyString(), said(), Optional.empty());
      case AS_ASKED, ALWAYS, WITH_LAST_CONTENT, CUMULATIVE -> {
        body.set("usage", CompletionJson.usage(usage));
        yield Draft.json(200, body.toPrettyString(), said(), Optional.of(usage));
      }
    };
  }
}
