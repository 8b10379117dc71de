package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.time.Duration;
import java.util.Optional;

/// One thing to do on the socket. A list of these is the whole of an answer.
sealed interface Step {
  record Wait(Duration duration) implements Step {}

  /// Bytes as they stand on the wire, the completion tokens that are produced with them, and the
  /// usage that they tell.
  record Send(Body wire, int tokens, Optional<Usage> told) implements Step {}

  /// Closes with TCP RST.
  record Reset() implements Step {}

  /// Closes with FIN.
  ///
  /// @param whole whether all that was to be sent is sent
  record HangUp(boolean whole) implements Step {}

  /// Does nothing more until the caller leaves.
  record Stall() implements Step {}
}
