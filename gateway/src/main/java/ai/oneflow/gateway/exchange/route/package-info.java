/// Fifth stage: which model of which provider serves the request.
@NullMarked
package ai.oneflow.gateway.exchange.route;

import org.jspecify.annotations.NullMarked;
