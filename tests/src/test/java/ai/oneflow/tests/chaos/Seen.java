package ai.oneflow.tests.chaos;

/// What a caller saw of one request.
///
/// @param status of the answer; 0: none came
/// @param tokens of the answer that came, as deltas that say something; of a JSON answer those that
///     its usage tells
/// @param error the code in an error, in the body or in an event; empty: there was none
record Seen(PlannedRequest planned, int status, int tokens, Ending ending, String error) {

  /// How the answer ended.
  enum Ending {
    /// With its last byte, whatever it said; a stream with `[DONE]` or an error event.
    WHOLE,
    /// The caller left, as planned.
    LEFT,
    /// The connection ended before the answer did.
    BROKEN,
    /// Nobody took the connection.
    REFUSED,
    /// Nothing came for longer than a caller waits.
    SILENT
  }
}
