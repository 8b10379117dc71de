package ai.oneflow.gateway.ledger;

/// The state of the ledger at one moment; the counts are since the start of the process.
///
/// @param backlogEvents recorded by this process and not yet in SQL
/// @param backlogBytes of the journal that are not yet in SQL, leftovers of earlier processes too
/// @param journalBytes that the journal's files take of the disk
/// @param written events that became rows
/// @param duplicates events that SQL had already, as happens after a crash
/// @param refused events that could not be recorded
/// @param torn journal files whose end was cut off in the middle of an event
/// @param unreadable journal files that were set aside because they could not be understood
/// @param sqlFailures attempts to reach SQL that failed
/// @param stalls times that a recording thread had to make a journal file itself
/// @param open requests on their way that are noted in the journal
/// @param recovered events of requests that died with an earlier process and were not in SQL yet
/// @param accepting as [Ledger#isAccepting] says
public record LedgerStatistics(
    long backlogEvents,
    long backlogBytes,
    long journalBytes,
    long written,
    long duplicates,
    long refused,
    long torn,
    long unreadable,
    long sqlFailures,
    long stalls,
    long open,
    long recovered,
    boolean accepting) {}
