/// First stage: a caller's connection, its requests one after the other (RFC 9112), and the answers
/// to them. It knows what a request looks like on the wire, and nothing of what it asks for.
@NullMarked
package ai.oneflow.gateway.exchange.accept;

import org.jspecify.annotations.NullMarked;
