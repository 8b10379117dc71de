/// The request path. [ai.oneflow.gateway.exchange.ExchangePipeline] is the one list of its stages,
/// and each stage is a package below: accept, authenticate, parse, route, admit, attempt, relay,
/// meter. A stage takes what those before it made and knows none after it. An exchange lives on one
/// event loop.
@NullMarked
package ai.oneflow.gateway.exchange;

import org.jspecify.annotations.NullMarked;
