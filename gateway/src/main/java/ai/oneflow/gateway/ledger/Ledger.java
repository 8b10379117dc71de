package ai.oneflow.gateway.ledger;

/// Where usage events are written down, as the request path sees it: ask [#isAccepting], take an
/// id, [#open] the request, call the provider, note the progress, and end it with its event before
/// the last byte of the answer goes out.
///
/// All methods may be called from any thread, never block on SQL and never wait for one another;
/// each calling thread has a part of the journal of its own, so they are meant for a few threads
/// that live long, such as event loops.
public interface Ledger {

  /// Whether a request may be sent to a provider. False means that SQL has been away for so long
  /// that the journal is full, or that the journal cannot be written: answer 503 then, since a
  /// request that cannot be recorded must not be made.
  boolean isAccepting();

  /// The id of a request that began then, in milliseconds since 1970.
  EventId nextId(long startMillis);

  /// Notes that a provider is about to be called. From then on the request is charged whatever
  /// happens to this process.
  ///
  /// Where the journal has no room the handle notes nothing and is good for ending alone.
  Opened open(Opening opening);

  /// Writes the event of a request that was not opened to the journal. What returns true survives
  /// the death of this process.
  ///
  /// Room for requests that are on their way is kept when [#isAccepting] turns false, so false is
  /// returned only where the disk itself fails. The event is then lost; that is logged and counted.
  boolean record(UsageEvent event);

  LedgerStatistics statistics();
}
