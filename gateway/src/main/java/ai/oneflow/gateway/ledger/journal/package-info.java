/// The pod's journal: append-only files that events are in before an answer is complete, and the
/// thread that carries them on to the database. It knows no SQL and no stage of the exchange.
@NullMarked
package ai.oneflow.gateway.ledger.journal;

import org.jspecify.annotations.NullMarked;
