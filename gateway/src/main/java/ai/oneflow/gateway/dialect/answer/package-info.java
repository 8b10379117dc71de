/// Which reader reads the usage in which answer: the one place that knows all dialects.
@NullMarked
package ai.oneflow.gateway.dialect.answer;

import org.jspecify.annotations.NullMarked;
