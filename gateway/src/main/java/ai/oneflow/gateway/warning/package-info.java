/// Who is told when a budget nears its end: the log, a metric, a webhook, the operator. It knows
/// crossings and no request; nothing here runs on an event loop.
@NullMarked
package ai.oneflow.gateway.warning;

import org.jspecify.annotations.NullMarked;
