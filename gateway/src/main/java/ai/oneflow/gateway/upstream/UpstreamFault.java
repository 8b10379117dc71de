package ai.oneflow.gateway.upstream;

/// Why a call came to no end. Never holds what a provider or a caller sent.
///
/// @param detail one clause for a person
public record UpstreamFault(Kind kind, String detail) {

  /// Where it happened.
  public enum Kind {
    /// No connection could be made: name, network or TLS.
    NOT_CONNECTED,
    /// No connection was made in time.
    CONNECT_TIMEOUT,
    /// The provider hung up before its answer was complete.
    CLOSED,
    /// What came is not HTTP.
    MALFORMED
  }
}
