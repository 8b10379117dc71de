package ai.oneflow.gateway.ledger;

/// Where usage events are written down, as the request path sees it: ask [#isAccepting], take an
/// id, call the provider, [#record] the event before the last byte of the answer goes out.
///
/// All methods may be called from any thread, never block on SQL and never wait for one another;
/// each calling thread has a part of the journal of its own, so they are meant for a few threads
/// that live long, such as event loops.
public interface Ledger {

  /// Whether a request may be sent to a provider. False means that SQL has been away for so long
  /// that the journal is full, or that the journal cannot be written: answer 503 then, since a
  /// request that cannot be recorded must not be made.
  boolean isAccepting();

  /// The id of a request that begins now.
  EventId nextId();

  /// Writes the event to the journal. What returns true survives the death of this process.
  ///
  /// Room for requests that are on their way is kept when [#isAccepting] turns false, so false is
  /// returned only where the disk itself fails. The event is then lost; that is logged and counted.
  boolean record(UsageEvent event);

  LedgerStatistics statistics();
}
