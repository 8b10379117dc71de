/// Third stage: what is asked for, read out of the body as it arrives.
@NullMarked
package ai.oneflow.gateway.exchange.parse;

import org.jspecify.annotations.NullMarked;
