/// What is kept of an answer.
@NullMarked
package ai.oneflow.gateway.exchange.replay;

import org.jspecify.annotations.NullMarked;
