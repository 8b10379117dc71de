/// Counters out of the ledger: what was used of each limit in force, as SQL has it. It knows
/// configuration, counters and the ledger, and no request; plain blocking code.
@NullMarked
package ai.oneflow.gateway.recount;

import org.jspecify.annotations.NullMarked;
