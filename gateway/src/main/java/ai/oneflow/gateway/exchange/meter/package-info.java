/// Last stage: count, price, charge. It turns what a provider says was used into
/// money and has it written down. It knows no HTTP, no socket and no SQL.
@NullMarked
package ai.oneflow.gateway.exchange.meter;

import org.jspecify.annotations.NullMarked;
