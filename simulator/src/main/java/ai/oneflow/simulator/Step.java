package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import java.time.Duration;

/// One thing to do on the socket. A list of these is the whole of an answer.
sealed interface Step {
  record Wait(Duration duration) implements Step {}

  /// Bytes as they stand on the wire, and the completion tokens that are produced with them.
  record Send(Body wire, int tokens) implements Step {}

  /// Closes with TCP RST.
  record Reset() implements Step {}

  /// Closes with FIN.
  record HangUp() implements Step {}

  /// Does nothing more until the caller leaves.
  record Stall() implements Step {}
}
