package ai.oneflow.simulator;

/// How far an answer gets before something happens to it.
public sealed interface Point {
  /// Not one byte is sent.
  record BeforeHeaders() implements Point {}

  /// Status line and headers are sent, nothing of the body.
  record AfterHeaders() implements Point {}

  /// Half of the body's parts (of a JSON body: half of its bytes).
  record MidBody() implements Point {}

  /// This many parts of the body; of a stream: events, the role delta being the first.
  record AfterParts(int parts) implements Point {
    public AfterParts {
      if (parts < 0) {
        throw new IllegalArgumentException("after= must be 0 or more, not " + parts);
      }
    }
  }
}
