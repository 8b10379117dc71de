/// Usage in answers, whatever the dialect: how the JSON texts of an answer stand in its bytes
/// (alone, as server-sent events, as lines), and the counts in one. A dialect says which fields and
/// what they mean; this package knows none.
@NullMarked
package ai.oneflow.gateway.dialect.usage;

import org.jspecify.annotations.NullMarked;
