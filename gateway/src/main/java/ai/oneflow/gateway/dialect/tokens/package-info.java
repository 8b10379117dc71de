/// How many tokens a request can use at most, and how many it probably used where no provider says:
/// bounds that admission holds, and estimates that charges are marked with. It knows no wire, no
/// stage of the exchange and no price.
@NullMarked
package ai.oneflow.gateway.dialect.tokens;

import org.jspecify.annotations.NullMarked;
