/// Second stage: who calls. Runs on the head alone, so that nobody unknown can send a body.
@NullMarked
package ai.oneflow.gateway.exchange.authenticate;

import org.jspecify.annotations.NullMarked;
