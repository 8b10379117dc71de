/// The ledger: one usage event a request, written down once. Here are the events, and what the
/// request path sees of the ledger. It knows neither files nor SQL, which live in `journal` and
/// `sql` below it, and no stage of the exchange.
@NullMarked
package ai.oneflow.gateway.ledger;

import org.jspecify.annotations.NullMarked;
