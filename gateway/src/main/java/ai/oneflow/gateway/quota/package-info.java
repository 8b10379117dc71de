/// How much may be asked for, and how much was: limits, the counters behind them, and holds.
///
/// A request takes an upper bound out of all its limits before its provider is called, or nothing
/// at all, and settles to what it really used when it has ended. Here are the values of that and
/// the one interface; `memory` keeps the counters of one process, `redis` those of many. This
/// package knows no stage of the exchange, no HTTP and no SQL.
@NullMarked
package ai.oneflow.gateway.quota;

import org.jspecify.annotations.NullMarked;
