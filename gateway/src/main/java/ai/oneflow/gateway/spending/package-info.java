/// Who is told what was spent, and when a budget nears its end: the log, a webhook, the operator.
/// It knows counters and no request; nothing here runs on an event loop.
@NullMarked
package ai.oneflow.gateway.spending;

import org.jspecify.annotations.NullMarked;
