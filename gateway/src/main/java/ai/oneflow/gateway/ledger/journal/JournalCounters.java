package ai.oneflow.gateway.ledger.journal;

import java.util.concurrent.atomic.LongAdder;

/// What the journal's threads count; read by metrics.
final class JournalCounters {
  final LongAdder written = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder torn = new LongAdder();
  final LongAdder unreadable = new LongAdder();
  final LongAdder sqlFailures = new LongAdder();
  final LongAdder recovered = new LongAdder();
  final LongAdder stalls = new LongAdder();
}
