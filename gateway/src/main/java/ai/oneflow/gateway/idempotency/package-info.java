/// Requests that may come twice and are served once: by the name that a caller gives one, its first
/// attempt claims the name, and the answer is kept under it for those who repeat it.
///
/// Here are the values of that, the one interface, and the waiting for a first attempt that is
/// still under way; `memory` keeps names of one process, `redis` those of many. This package knows
/// no stage of the exchange, no HTTP, no Netty and no SQL.
@NullMarked
package ai.oneflow.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
